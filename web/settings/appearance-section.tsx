import { say } from '../locales/words.ts'
import { density } from '../ui/density.ts'
import { motion } from '../ui/motion.ts'
import { Select } from '../ui/select.tsx'
import { theme } from '../ui/theme.ts'
import { Section } from './section.tsx'

export function AppearanceSection() {
  return (
    <Section title={say('settings.appearance')} text={say('settings.appearance.text')}>
      <Select
        label={say('user.theme')}
        value={theme.use()}
        onChange={theme.set}
        choices={[
          { value: 'system', label: say('user.theme.system') },
          { value: 'light', label: say('user.theme.light') },
          { value: 'dark', label: say('user.theme.dark') },
        ]}
      />
      <Select
        label={say('user.density')}
        value={density.use()}
        onChange={density.set}
        choices={[
          { value: 'comfortable', label: say('user.density.comfortable') },
          { value: 'compact', label: say('user.density.compact') },
        ]}
      />
      <Select
        label={say('user.motion')}
        value={motion.use()}
        onChange={motion.set}
        choices={[
          { value: 'system', label: say('user.theme.system') },
          { value: 'reduced', label: say('user.motion.reduced') },
        ]}
      />
    </Section>
  )
}
