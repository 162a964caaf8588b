import CircleAlert from 'lucide-react/icons/circle-alert'
import type { PendingMessage } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { say, sayFailure } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { focusComposer } from './focus-composer.ts'
import { useConversation } from './pointing.ts'

/** Below an own message that was refused: why, and the two ways on. */
export function SendProblem({ pending, roomId }: { pending: PendingMessage; roomId: number }) {
  const { messages } = useClient()
  const conversation = useConversation()
  // The buttons go away with the problem.
  const thenWrite = (act: (roomId: number, clientMessageId: string) => void) => () => {
    act(roomId, pending.client_message_id)
    focusComposer(conversation)
  }
  const reason = sayFailure(pending.failure?.code ?? 'unknown')
  return (
    <div className="mt-1 mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <p role="alert" className="flex items-start gap-1.5 text-meta text-danger-text">
        <CircleAlert size={14} aria-hidden className="mt-0.5 shrink-0" />
        {say('messages.failed', { reason })}
      </p>
      <span className="flex gap-2">
        <Button small onClick={thenWrite((...which) => messages.retry(...which))}>
          {say('messages.retry')}
        </Button>
        <Button small look="quiet" onClick={thenWrite((...which) => messages.discard(...which))}>
          {say('messages.discard')}
        </Button>
      </span>
    </div>
  )
}
