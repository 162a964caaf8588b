import CircleAlert from 'lucide-react/icons/circle-alert'
import Clock from 'lucide-react/icons/clock'
import type { MessageView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { say, sayFailure } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { startEdit } from './editing.ts'

/** Behind an edited text: that it is, with the way to what stood there before; or that the change is on its way. */
export function EditedMark({ message }: { message: MessageView }) {
  const openDialog = useOpenDialog()
  const { change, edited_at } = message
  if (change?.kind === 'edit' && change.state !== 'failed') {
    return (
      <span title={say('messages.saving')} className="ms-1 inline-flex text-soft">
        <Clock size={12} aria-hidden />
        <span className="sr-only">{say('messages.saving')}</span>
      </span>
    )
  }
  if (edited_at === null) return null
  return (
    <button
      type="button"
      tabIndex={-1}
      title={say('messages.edits')}
      onClick={() => openDialog({ name: 'edits', message })}
      className="no-tap-zoom relative ms-1 rounded-control text-tiny text-soft hover:text-text hover:underline max-wide:before:absolute max-wide:before:-inset-x-1 max-wide:before:-inset-y-3.5"
    >
      ({say('messages.edited')})
    </button>
  )
}

/** In the place of a deleted message; with the way to have it back while one's own deletion waits. */
export function RemovedText({ message: { change, room_id, id } }: { message: MessageView }) {
  const { messages } = useClient()
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-soft">
      <span className="italic">{say(change?.undoable === 'stuck' ? 'messages.deleting' : 'messages.quote.gone')}</span>
      {change?.undoable && (
        <Button small look="quiet" busy={change.state === 'sending'} onClick={() => messages.keep(room_id, id)}>
          {say('messages.deleted.undo')}
        </Button>
      )}
    </p>
  )
}

/** Below a message whose change was refused: why, and the ways on. Its new text is kept until one chooses. */
export function ChangeProblem({ message, onDone }: { message: MessageView; onDone: () => void }) {
  const { messages } = useClient()
  const { change, room_id, id, content } = message
  if (change?.state !== 'failed') return null
  const reason = sayFailure(change.failure?.code ?? 'unknown')
  const then = (act: () => void) => () => {
    act()
    onDone()
  }
  return (
    <div className="mt-1 mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <p role="alert" className="flex items-start gap-1.5 text-meta text-danger-text">
        <CircleAlert size={14} aria-hidden className="mt-0.5 shrink-0" />
        {say(change.kind === 'edit' ? 'messages.edit.failed' : 'messages.delete.failed', { reason })}
      </p>
      <span className="flex gap-2">
        <Button small onClick={then(() => messages.retryChange(room_id, id))}>
          {say('messages.retry')}
        </Button>
        {change.kind === 'edit' && (
          <Button small look="quiet" onClick={() => startEdit(id, content)}>
            {say('messages.edit.again')}
          </Button>
        )}
        <Button small look="quiet" onClick={then(() => messages.discardChange(room_id, id))}>
          {say('messages.edit.discard')}
        </Button>
      </span>
    </div>
  )
}
