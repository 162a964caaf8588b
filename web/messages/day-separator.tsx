import { sayDay } from '../locales/times.ts'

/** Between two days. The list repeats the day on screen as a label that sticks to its top. */
export function DaySeparator({ time }: { time: string }) {
  return (
    <div className="flex items-center gap-3 px-2 pt-4 pb-1">
      <span aria-hidden className="h-px flex-1 bg-hairline" />
      <h3 className="text-meta font-medium text-soft">{sayDay(time)}</h3>
      <span aria-hidden className="h-px flex-1 bg-hairline" />
    </div>
  )
}
