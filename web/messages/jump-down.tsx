import ArrowDown from 'lucide-react/icons/arrow-down'
import { say } from '../locales/words.ts'
import { classes } from '../ui/classes.ts'

type JumpDownProps = {
  atEnd: boolean
  /** An earlier part of the room is shown: the newest are not even loaded. */
  hasNewer: boolean
  newBelow: number
  onJump: () => void
}

/** The way down for whoever reads further up; says how much is new there. */
export function JumpDown({ atEnd, hasNewer, newBelow, onJump }: JumpDownProps) {
  if (atEnd) return null
  const words = wordsOf(hasNewer, newBelow)
  const isNew = newBelow > 0 && !hasNewer
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-(--layer-sticky) mx-auto flex max-w-(--column-width) justify-center px-5">
      <button
        type="button"
        onClick={onJump}
        aria-label={words === undefined ? say('messages.bottom') : undefined}
        className={
          words !== undefined
            ? classes(
                'appears figures no-tap-zoom pointer-events-auto flex h-9 items-center gap-1.5 rounded-full ps-3 pe-4 text-meta font-medium shadow-float max-wide:h-11',
                isNew ? 'bg-accent text-on-accent hover:bg-accent-strong' : 'bg-raised text-text hover:bg-hover',
              )
            : 'appears no-tap-zoom pointer-events-auto ms-auto flex size-9 items-center justify-center rounded-full bg-raised text-strong shadow-float hover:bg-hover max-wide:size-11'
        }
      >
        <ArrowDown size={16} aria-hidden />
        {words}
      </button>
    </div>
  )
}

function wordsOf(hasNewer: boolean, newBelow: number): string | undefined {
  if (hasNewer) return say('messages.newest')
  return newBelow > 0 ? say('messages.below', { count: newBelow }) : undefined
}
