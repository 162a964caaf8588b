import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import { say } from '../locales/words.ts'
import { classes } from '../ui/classes.ts'

type MentionJumpsProps = {
  above: number
  below: number
  /** Something else stands where the way up, or the way down, would be. */
  isLow: boolean
  isHigh: boolean
  goUp: () => void
  goDown: () => void
}

/** The ways to mentions out of sight, from the nearest to the next. */
export function MentionJumps({ above, below, isLow, isHigh, goUp, goDown }: MentionJumpsProps) {
  return (
    <>
      {above > 0 && (
        <div className={classes(row, isLow ? 'top-24' : 'top-12')}>
          <button type="button" onClick={goUp} className={pill}>
            <ArrowUp size={16} aria-hidden />
            {say('mentions.above', { count: above })}
          </button>
        </div>
      )}
      {below > 0 && (
        <div className={classes(row, isHigh ? 'bottom-14 max-wide:bottom-16' : 'bottom-3')}>
          <button type="button" onClick={goDown} className={pill}>
            <ArrowDown size={16} aria-hidden />
            {say('mentions.below', { count: below })}
          </button>
        </div>
      )}
    </>
  )
}

const row = 'pointer-events-none absolute inset-x-0 z-(--layer-sticky) flex justify-center px-5'
const pill =
  'mention-pill appears figures no-tap-zoom pointer-events-auto flex h-9 items-center gap-1.5 rounded-full ps-3 pe-4 text-meta font-medium shadow-float max-wide:h-11'
