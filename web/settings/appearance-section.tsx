import { useEffect } from 'react'
import { useClient } from '../client-context.tsx'
import { language, languageNames, languages } from '../locales/languages.ts'
import { chooseLanguage, takeJustChosen } from '../locales/use-language.ts'
import { say } from '../locales/words.ts'
import { density } from '../ui/density.ts'
import { motion } from '../ui/motion.ts'
import { Select } from '../ui/select.tsx'
import { theme } from '../ui/theme.ts'
import { choose, chooseLooksHere, looksHere } from './shared.ts'
import { Section } from './section.tsx'

export function AppearanceSection() {
  const client = useClient()
  useEffect(() => {
    if (takeJustChosen()) document.querySelector<HTMLElement>('select[name="language"]')?.focus()
  }, [])
  return (
    <Section title={say('settings.appearance')} text={say('settings.appearance.text')}>
      <Select
        label={say('user.theme')}
        value={theme.use()}
        onChange={(value) => choose(client, 'theme', value)}
        choices={[
          { value: 'system', label: say('user.theme.system') },
          { value: 'light', label: say('user.theme.light') },
          { value: 'dark', label: say('user.theme.dark') },
        ]}
      />
      <Select
        label={say('user.density')}
        value={density.use()}
        onChange={(value) => choose(client, 'density', value)}
        choices={[
          { value: 'comfortable', label: say('user.density.comfortable') },
          { value: 'compact', label: say('user.density.compact') },
        ]}
      />
      <Select
        label={say('user.motion')}
        value={motion.use()}
        onChange={(value) => choose(client, 'motion', value)}
        choices={[
          { value: 'system', label: say('user.theme.system') },
          { value: 'reduced', label: say('user.motion.reduced') },
          { value: 'full', label: say('user.motion.full') },
        ]}
      />
      <label className="flex cursor-pointer items-center gap-2.5 max-wide:min-h-11">
        <input
          type="checkbox"
          checked={looksHere.use() === 'on'}
          onChange={(event) => chooseLooksHere(client, event.target.checked ? 'on' : 'off')}
          className="size-4 shrink-0 accent-(--accent)"
        />
        {say('settings.here')}
      </label>
      <Select
        name="language"
        label={say('user.language')}
        hint={say('user.language.hint')}
        value={language.use()}
        onChange={(chosen) => chooseLanguage(client, chosen)}
        choices={[
          { value: 'browser', label: say('user.language.browser') },
          ...languages.map((value) => ({ value, label: languageNames[value] })),
        ]}
      />
    </Section>
  )
}
