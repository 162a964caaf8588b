import { useEffect, useRef, useState } from 'react'
import type { Client } from '@grandchat/client'
import { useObservable } from '../client-context.tsx'
import { isLanguage, language, loadLanguage, type Language, type LanguageChoice } from './languages.ts'
import { spokenLanguage } from './words.ts'

/** The language that the words on screen are in. Whoever draws them draws them anew when it changes. */
export function useLanguage(): Language {
  const choice = language.use()
  const [spoken, setSpoken] = useState(spokenLanguage)
  useEffect(() => {
    void loadLanguage(choice).then(() => setSpoken(spokenLanguage()))
  }, [choice])
  return spoken
}

let hasJustChosen = false

/** Whether the screen is drawn anew because its language was chosen on it: asked once, to go on where one was. */
export function takeJustChosen(): boolean {
  const taken = hasJustChosen
  hasJustChosen = false
  return taken
}

/** Chosen here, and on all devices of the person. */
export function chooseLanguage(client: Client, chosen: LanguageChoice): void {
  hasJustChosen = true
  client.settings.set('language', chosen === 'browser' ? undefined : chosen)
  language.set(chosen)
}

/** Does here what the person chose on another device; until then this browser's own choice stays. */
export function useFollowLanguage(client: Client): void {
  const stored = useObservable(client.settings.get('language'))
  const last = useRef(stored)
  useEffect(() => {
    if (isLanguage(stored)) language.set(stored)
    else if (last.current !== undefined) language.set('browser')
    last.current = stored
  }, [stored])
}
