import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { useIsPrivate } from '../receipts/use-is-private.ts'
import { Select } from '../ui/select.tsx'
import { Section } from './section.tsx'

export function PrivacySection() {
  const { settings } = useClient()
  const isPrivate = useIsPrivate()
  return (
    <Section title={say('settings.privacy')} text={say('settings.appearance.text')}>
      <Select
        label={say('settings.receipts')}
        hint={say('settings.receipts.hint')}
        value={isPrivate ? 'off' : 'on'}
        onChange={(value) => settings.set('read_receipts', value)}
        choices={[
          { value: 'on', label: say('settings.on') },
          { value: 'off', label: say('settings.off') },
        ]}
      />
    </Section>
  )
}
