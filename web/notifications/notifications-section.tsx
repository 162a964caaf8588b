import { useState } from 'react'
import { useClient } from '../client-context.tsx'
import { sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { Section } from '../settings/section.tsx'
import { choose as chooseShared } from '../settings/shared.ts'
import { Select } from '../ui/select.tsx'
import { beep } from './beep.ts'
import { quietUntil, showing, sound, tomorrowMorning } from './choices.ts'

const hourMs = 3_600_000

export function NotificationsSection() {
  const isPossible = 'Notification' in globalThis
  return (
    <Section
      title={say('settings.notifications')}
      text={say(isPossible ? 'settings.notifications.text' : 'settings.notifications.absent')}
    >
      {isPossible && <Choices />}
    </Section>
  )
}

function Choices() {
  const client = useClient()
  const [permission, setPermission] = useState(Notification.permission)
  const wish = showing.use()
  const sounds = sound.use()
  const isOn = wish === 'on' && permission === 'granted'
  const choose = async (value: 'on' | 'off') => {
    if (value === 'off') return showing.set('off')
    const answer = await Notification.requestPermission()
    setPermission(answer)
    showing.set(answer === 'granted' ? 'on' : 'off')
  }
  const onOff = [
    { value: 'off', label: say('settings.off') },
    { value: 'on', label: say('settings.on') },
  ] as const
  return (
    <>
      <Select
        label={say('settings.notifications.show')}
        {...(permission === 'denied' && { hint: say('settings.notifications.blocked') })}
        value={isOn ? 'on' : 'off'}
        onChange={(value) => void choose(value)}
        choices={onOff}
      />
      {isOn && (
        <>
          <Select
            label={say('settings.notifications.sound')}
            hint={say('user.language.hint')}
            value={sounds}
            onChange={(value) => {
              chooseShared(client, 'sound', value)
              if (value === 'on') beep()
            }}
            choices={onOff}
          />
        </>
      )}
      <Quiet />
    </>
  )
}

function Quiet() {
  const client = useClient()
  const until = quietUntil.use()
  const [now] = useState(() => new Date())
  const isQuiet = until > now.getTime()
  const time = sayTime(new Date(until).toISOString())
  const set = { off: () => 0, hour: () => Date.now() + hourMs, morning: () => tomorrowMorning(new Date()) }
  return (
    <Select
      label={say('settings.quiet')}
      hint={say('user.language.hint')}
      value={isQuiet ? 'until' : 'off'}
      onChange={(value) => value !== 'until' && chooseShared(client, 'quiet_until', set[value]())}
      choices={[
        { value: 'off', label: say('settings.off') },
        ...(isQuiet ? [{ value: 'until' as const, label: say('settings.quiet.until', { time }) }] : []),
        { value: 'hour', label: say('settings.quiet.hour') },
        { value: 'morning', label: say('settings.quiet.morning') },
      ]}
    />
  )
}
