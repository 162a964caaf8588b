import { useState } from 'react'
import ArrowUp from 'lucide-react/icons/arrow-up'
import X from 'lucide-react/icons/x'
import { say } from '../locales/words.ts'

/** The way up to the first new message when so many came that it is not even loaded. */
export function JumpUp({ newAbove, onJump }: { newAbove: number; onJump: () => void }) {
  const [dismissed, setDismissed] = useState(false)
  if (newAbove === 0 || dismissed) return null
  return (
    <div className="pointer-events-none absolute inset-x-0 top-12 z-(--layer-sticky) flex justify-center px-5">
      <div className="appears pointer-events-auto flex rounded-full bg-accent text-on-accent shadow-float">
        <button
          type="button"
          onClick={onJump}
          className="figures no-tap-zoom flex h-9 items-center gap-1.5 rounded-s-full ps-3 pe-2 text-meta font-medium hover:bg-accent-strong max-wide:h-11"
        >
          <ArrowUp size={16} aria-hidden />
          {say('messages.first_unread', { count: newAbove })}
        </button>
        <button
          type="button"
          aria-label={say('messages.first_unread.dismiss')}
          onClick={() => setDismissed(true)}
          className="no-tap-zoom flex w-9 items-center justify-center rounded-e-full hover:bg-accent-strong max-wide:w-11"
        >
          <X size={16} aria-hidden />
        </button>
      </div>
    </div>
  )
}
