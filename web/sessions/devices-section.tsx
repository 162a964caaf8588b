import { useCallback, useEffect, useState } from 'react'
import Monitor from 'lucide-react/icons/monitor'
import Smartphone from 'lucide-react/icons/smartphone'
import type { SessionRow } from '@grandchat/contracts/sessions/schema'
import { useClient } from '../client-context.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { problemOf, say } from '../locales/words.ts'
import { Section } from '../settings/section.tsx'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { toast } from '../ui/toast.tsx'
import { deviceName, isPhone } from './device-name.ts'

/** Where one is signed in, and how to end that. */
export function DevicesSection() {
  const { sessions } = useClient()
  const [devices, setDevices] = useState<readonly SessionRow[]>()
  const [problem, setProblem] = useState<string>()
  const load = useCallback(
    () =>
      sessions.list().then(
        (list) => {
          setDevices(list)
          setProblem(undefined)
        },
        (error: unknown) => setProblem(problemOf(error).text),
      ),
    [sessions],
  )
  useEffect(() => void load(), [load])

  const end = async (work: Promise<void>, done: string) => {
    try {
      await work
      toast(done)
      await load()
    } catch (error) {
      toast(problemOf(error).text)
    }
  }
  return (
    <Section title={say('devices.title')} text={say('devices.text')}>
      <FormProblem text={problem} />
      {devices && (
        <ul className="flex flex-col divide-y divide-hairline rounded-card shadow-[inset_0_0_0_1px_var(--color-line)]">
          {devices.map((device) => (
            <Device
              key={device.id}
              device={device}
              onEnd={() =>
                void end(sessions.end(device.id), say('devices.ended', { device: deviceName(device.device) }))
              }
            />
          ))}
        </ul>
      )}
      {devices && devices.length > 1 && (
        <Button className="self-start" onClick={() => void end(sessions.endOthers(), say('devices.others.ended'))}>
          {say('devices.others')}
        </Button>
      )}
    </Section>
  )
}

function Device({ device, onEnd }: { device: SessionRow; onEnd: () => void }) {
  const name = deviceName(device.device)
  const Icon = isPhone(device.device) ? Smartphone : Monitor
  return (
    <li className="flex items-center gap-3 px-3.5 py-3">
      <Icon size={20} strokeWidth={1.75} aria-hidden className="shrink-0 text-soft" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="figures text-meta text-soft">
          {device.is_current ? (
            say('devices.current')
          ) : (
            <time dateTime={device.last_seen_at} title={sayExactTime(device.last_seen_at)}>
              {say('devices.seen', { time: sayTime(device.last_seen_at) })}
            </time>
          )}
        </p>
      </div>
      {!device.is_current && (
        <Button small onClick={onEnd} aria-label={say('devices.end.device', { device: name })}>
          {say('devices.end')}
        </Button>
      )}
    </li>
  )
}
