import ArrowDown from 'lucide-react/icons/arrow-down'
import { say } from '../locales/words.ts'

/** The way down for whoever reads further up; says how much is new there. */
export function JumpDown({ atEnd, newBelow, onJump }: { atEnd: boolean; newBelow: number; onJump: () => void }) {
  if (atEnd) return null
  const isNew = newBelow > 0
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-(--layer-sticky) mx-auto flex max-w-(--column-width) justify-center px-5">
      <button
        type="button"
        onClick={onJump}
        aria-label={isNew ? undefined : say('messages.bottom')}
        className={
          isNew
            ? 'appears figures no-tap-zoom pointer-events-auto flex h-9 items-center gap-1.5 rounded-full bg-accent ps-3 pe-4 text-meta font-medium text-on-accent shadow-float hover:bg-accent-strong max-wide:h-11'
            : 'appears no-tap-zoom pointer-events-auto ms-auto flex size-9 items-center justify-center rounded-full bg-raised text-strong shadow-float hover:bg-hover max-wide:size-11'
        }
      >
        <ArrowDown size={16} aria-hidden />
        {isNew && say('messages.below', { count: newBelow })}
      </button>
    </div>
  )
}
