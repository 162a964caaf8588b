import type { KeyboardEvent } from 'react'
import type { RoomView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { Composer } from './composer.tsx'
import { isRemoved } from './items.ts'
import { ReplyBar } from './reply-bar.tsx'
import { endReply, useReply } from './replies.ts'

type AnsweringComposerProps = { room: RoomView; onSent: () => void; onEditLast: () => boolean }

/** Where one writes, with what one answers above it. Escape gives the answer up; the arrow up changes what one said last. */
export function AnsweringComposer({ room, onSent, onEditLast }: AnsweringComposerProps) {
  const { messages } = useClient()
  const replyTo = useReply(room.id)

  const send = (text: string) => {
    messages.send(room.id, text, replyTo === undefined || isGone(replyTo) ? {} : { replyTo })
    endReply(room.id)
    onSent()
  }
  const isGone = (messageId: number) => {
    const message = messages.get(room.id, messageId).get()
    return message === 'gone' || (message !== 'loading' && isRemoved(message))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (event.key === 'Escape' && replyTo !== undefined) endReply(room.id)
    else if (event.key !== 'ArrowUp' || !isEmptyField(event.target) || !onEditLast()) return
    event.preventDefault()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the field inside
    <div onKeyDown={onKeyDown} className="flex shrink-0 flex-col">
      {replyTo !== undefined && <ReplyBar roomId={room.id} messageId={replyTo} />}
      <Composer roomId={room.id} roomName={room.title} onSend={send} />
    </div>
  )
}

function isEmptyField(target: EventTarget): boolean {
  return target instanceof HTMLTextAreaElement && target.value === ''
}
