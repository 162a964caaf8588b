import { sayDay } from '../locales/times.ts'
import { classes } from '../ui/classes.ts'
import { NewMark } from './new-divider.tsx'

/** Between two days. The list repeats the day on screen as a label that sticks to its top. */
export function DaySeparator({ time, isFirstNew }: { time: string; isFirstNew: boolean }) {
  return (
    <div className={classes('flex items-center px-2 pt-4 pb-1', isFirstNew ? 'gap-2' : 'gap-3')}>
      <DayLine isNew={isFirstNew} />
      <h3 className="text-meta font-medium text-soft">{sayDay(time)}</h3>
      <DayLine isNew={isFirstNew} />
      {isFirstNew && <NewMark />}
    </div>
  )
}

export function DayLine({ isNew = false }: { isNew?: boolean }) {
  return <span aria-hidden className={classes('h-px flex-1', isNew ? 'bg-accent' : 'bg-hairline')} />
}
