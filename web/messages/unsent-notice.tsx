import CircleAlert from 'lucide-react/icons/circle-alert'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { useStranded } from './use-stranded.ts'

/** Below one's rooms, while there are messages that none of them can show. */
export function UnsentNotice() {
  const count = useStranded().length
  const openDialog = useOpenDialog()
  if (count === 0) return null
  const label = say('unsent.open', { count })
  return (
    <div className="px-2 pb-2">
      <button
        type="button"
        title={label}
        onClick={() => openDialog({ name: 'unsent' })}
        className="no-tap-zoom transition-colour flex min-h-9 w-full items-center gap-2.5 rounded-control px-2 text-start text-meta text-danger-text hover:bg-hover max-wide:min-h-11 rail:justify-center rail:px-0"
      >
        <CircleAlert size={16} aria-hidden className="shrink-0" />
        <span className="rail:sr-only">{label}</span>
      </button>
    </div>
  )
}
