import type { KeyboardEvent } from 'react'
import type { RoomView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { useSendLater } from '../own-rows/use-send-later.ts'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { Composer } from './composer.tsx'
import { isRemoved } from './items.ts'
import { ReplyBar } from './reply-bar.tsx'
import { endReply, useReply } from './replies.ts'

type AnsweringComposerProps = { room: RoomView; onSent: () => void; onEditLast: () => void }

/** Where one writes, with what one answers above it; Escape gives the answer up. */
export function AnsweringComposer({ room, onSent, onEditLast }: AnsweringComposerProps) {
  const { messages } = useClient()
  const sendLater = useSendLater(room.id)
  const replyTo = useReply(room.id)

  /** What is answered, if it is still there. */
  const findAnswered = () => {
    const message = replyTo === undefined ? 'gone' : messages.get(room.id, replyTo).get()
    const isGone = message === 'gone' || (message !== 'loading' && isRemoved(message))
    return isGone ? {} : { replyTo }
  }
  const send = (text: string) => {
    messages.send(room.id, text, findAnswered())
    endReply(room.id)
    onSent()
  }
  const schedule = (content: string, sendAt: Date) => {
    sendLater(content, sendAt, findAnswered())
    endReply(room.id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const { defaultPrevented, currentTarget, target } = event
    // A picker of the composer closes first; it stands elsewhere in the page.
    const isHere = target instanceof Node && currentTarget.contains(target)
    if (isShortcut(event, 'give_up') && isHere && !defaultPrevented && replyTo !== undefined) endReply(room.id)
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the field inside
    <div onKeyDown={onKeyDown} className="flex shrink-0 flex-col">
      <Composer
        roomId={room.id}
        roomName={room.title}
        onSend={send}
        onSchedule={schedule}
        onEditLast={onEditLast}
        above={replyTo !== undefined && <ReplyBar roomId={room.id} messageId={replyTo} />}
      />
    </div>
  )
}
