import type { KeyboardEvent } from 'react'
import type { RoomView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { toast } from '../ui/toast.tsx'
import { Composer } from './composer.tsx'
import { isRemoved } from './items.ts'
import { ReplyBar } from './reply-bar.tsx'
import { endReply, useReply } from './replies.ts'

type AnsweringComposerProps = { room: RoomView; onSent: () => void; onEditLast: () => void }

/** Where one writes, with what one answers above it; Escape gives the answer up. */
export function AnsweringComposer({ room, onSent, onEditLast }: AnsweringComposerProps) {
  const { messages, scheduled } = useClient()
  const replyTo = useReply(room.id)

  const send = (text: string) => {
    messages.send(room.id, text, replyTo === undefined || isGone(replyTo) ? {} : { replyTo })
    endReply(room.id)
    onSent()
  }
  const schedule = (content: string, send_at: Date) => {
    const reply_to = replyTo === undefined || isGone(replyTo) ? undefined : replyTo
    scheduled.add({ room_id: room.id, content, send_at, reply_to })
    endReply(room.id)
    toast(say('scheduled.done', { time: sayTime(send_at.toISOString()) }), {
      label: say('scheduled.show'),
      run: () => navigate(paths.scheduled),
    })
  }
  const isGone = (messageId: number) => {
    const message = messages.get(room.id, messageId).get()
    return message === 'gone' || (message !== 'loading' && isRemoved(message))
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
