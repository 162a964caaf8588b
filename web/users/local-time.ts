import { timeLocale } from '../locales/times.ts'

/** Minutes that the clocks of a zone are ahead of UTC at this moment; undefined for a zone that this device does not know. */
function offsetMinutes(timeZone: string, now: Date): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(now)
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d+)(?::(\d+))?/.exec(name) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  } catch {
    return undefined
  }
}

export type LocalTime = { clock: string; hoursAhead: number }

/** What somebody's clock says, and by how many hours it is ahead of one's own; undefined where it cannot be told. */
export function localTime(timeZone: string, now = new Date(), ownZone?: string): LocalTime | undefined {
  const own = ownZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
  const [theirs, ours] = [offsetMinutes(timeZone, now), offsetMinutes(own, now)]
  if (theirs === undefined || ours === undefined) return undefined
  const clock = new Intl.DateTimeFormat(timeLocale(), { timeZone, hour: '2-digit', minute: '2-digit' }).format(now)
  return { clock, hoursAhead: (theirs - ours) / 60 }
}
