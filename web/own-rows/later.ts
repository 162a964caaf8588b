const morning = 9

/** An hour from now, on a whole minute. */
export function inOneHour(now: Date): Date {
  const later = new Date(now.getTime() + 3_600_000)
  later.setSeconds(0, 0)
  return later
}

/** In the viewer's own zone, whatever its clocks do in that night. */
export function tomorrowMorning(now: Date): Date {
  return morningIn(now, 1)
}

/** Next Monday; on a Monday that of the week after. */
export function mondayMorning(now: Date): Date {
  return morningIn(now, (8 - now.getDay()) % 7 || 7)
}

function morningIn(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, morning)
}

/** As a field for date and time has it. */
export function toField(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
