import type { PendingMessage } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useStranded } from './use-stranded.ts'

/** Messages whose rooms are gone: to read, to follow to their room, or to delete. */
export default function UnsentDialog({ onClosed }: { onClosed: () => void }) {
  const stranded = useStranded()
  return (
    <Dialog title={say('unsent.title')} text={say('unsent.text')} onClosed={onClosed}>
      {(close) =>
        stranded.length === 0 ? (
          <output className="text-soft">{say('unsent.none')}</output>
        ) : (
          <ul className="flex flex-col gap-4">
            {stranded.map((pending) => (
              <li key={pending.client_message_id}>
                <Stranded pending={pending} onLeave={close} />
              </li>
            ))}
          </ul>
        )
      }
    </Dialog>
  )
}

function Stranded({ pending, onLeave }: { pending: PendingMessage; onLeave: () => void }) {
  const { messages } = useClient()
  const { room_id, client_message_id, content, created_at } = pending
  const goToRoom = () => {
    navigate(paths.room(room_id))
    onLeave()
  }
  return (
    <>
      <time dateTime={created_at} title={sayExactTime(created_at)} className="figures text-meta text-soft">
        {sayTime(created_at)}
      </time>
      <p dir="auto" className="wrap-anywhere whitespace-pre-wrap">
        {content}
      </p>
      <div className="mt-2 flex gap-2">
        <Button small onClick={goToRoom}>
          {say('unsent.room')}
        </Button>
        <Button small look="quiet" onClick={() => messages.discard(room_id, client_message_id)}>
          {say('messages.discard')}
        </Button>
      </div>
    </>
  )
}
