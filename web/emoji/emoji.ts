import { useEffect, useState } from 'react'
import { skinTone } from './skin-tone.ts'

export type Emoji = {
  emoji: string
  name: string
  group: number
  /** Without colons, the best known first. */
  codes: readonly string[]
  words: readonly string[]
  /** In skin tones 1 to 5, light to dark; empty where there are none. */
  tones: readonly string[]
}

export type EmojiSet = { all: readonly Emoji[]; byCode: ReadonlyMap<string, Emoji> }

let loaded: EmojiSet | undefined
let loading: Promise<EmojiSet> | undefined

/** What is known about emoji: some fifty kilobytes, fetched when first needed. A failed attempt can be repeated. */
export function loadEmoji(): Promise<EmojiSet> {
  loading ??= import('virtual:emoji').then(
    ({ default: rows }) => {
      const all = rows.map(([emoji, name, group, codes, words, tones]) => {
        return { emoji, name, group, codes: split(codes), words: split(words), tones: split(tones) }
      })
      loaded = { all, byCode: new Map(all.flatMap((one) => one.codes.map((code) => [code, one]))) }
      return loaded
    },
    (error: unknown) => {
      loading = undefined
      throw error
    },
  )
  return loading
}

function split(words: string): string[] {
  return words === '' ? [] : words.split(' ')
}

/** Undefined until they are here; `isWanted` keeps them from being fetched for nothing. */
export function useEmoji(isWanted = true): EmojiSet | undefined {
  const [set, setSet] = useState(loaded)
  useEffect(() => {
    if (!isWanted || set) return undefined
    let isMounted = true
    loadEmoji().then(
      (now) => isMounted && setSet(now),
      () => undefined,
    )
    return () => {
      isMounted = false
    }
  }, [isWanted, set])
  return set ?? loaded
}

/** An emoji in the skin tone that this person chose. */
export function withTone({ emoji, tones }: Pick<Emoji, 'emoji' | 'tones'>, tone: number = skinTone.get()): string {
  return tones[tone - 1] ?? emoji
}
