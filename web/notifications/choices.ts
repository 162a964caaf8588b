import { createSetting } from '../ui/setting.ts'

const onOff = (stored: string) => (stored === 'on' ? stored : undefined)
const nothing = () => undefined

/** Whether this device shows notifications. The browser must have allowed it too. */
export const showing = createSetting<'on' | 'off'>({ key: 'notify', parse: onOff, initial: 'off', apply: nothing })
export const sound = createSetting<'on' | 'off'>({ key: 'notify-sound', parse: onOff, initial: 'off', apply: nothing })

/** Until when nothing disturbs, in milliseconds; 0 for never. */
export const quietUntil = createSetting<number>({
  key: 'notify-quiet-until',
  parse: (stored) => (Number(stored) > 0 ? Number(stored) : undefined),
  initial: 0,
  apply: nothing,
})

/** Tomorrow at eight, by the clock of the device. */
export function tomorrowMorning(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 8).getTime()
}
