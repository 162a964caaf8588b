import { useClient } from '../client-context.tsx'
import { ReactionBar } from '../reactions/reaction-bar.tsx'
import { ThreadLine } from '../threads/thread-line.tsx'
import { classes } from '../ui/classes.ts'
import { ChangeProblem, EditedMark, RemovedText } from './change-state.tsx'
import { EditMessage } from './edit-message.tsx'
import { useEdit } from './editing.ts'
import { focusComposer } from './focus-composer.ts'
import { ForwardedFrom } from './forwarded-from.tsx'
import { isRemoved } from './items.ts'
import type { Item } from './items.ts'
import { MessageText } from './message-text.tsx'
import { pointAt, useConversation } from './pointing.ts'
import { Quote } from './quote.tsx'
import { returnFocus } from './return-focus.ts'
import { SendProblem } from './send-problem.tsx'

type MessageBodyProps = { item: Item; roomId: number; isFocused: boolean }

/** What somebody said, between what it answers and what others made of it. */
export function MessageBody({ item, roomId, isFocused }: MessageBodyProps) {
  const { message, pending, key, content } = item
  const conversation = useConversation()
  const isRoot = message !== undefined && message.id === conversation.threadId
  // Above its thread a message is read; it is changed in its room, where it stands at the same time.
  const edit = useEdit(isRoot ? undefined : message?.id)
  const { reply_to: replyTo, forwarded } = message ?? pending ?? {}
  const tabIndex = isFocused ? 0 : -1
  const isChanged = message !== undefined && (message.edited_at !== null || message.change?.kind === 'edit')
  if (message && isRemoved(message)) {
    return (
      <>
        <RemovedText message={message} />
        {!isRoot && <ThreadLine message={message} tabIndex={tabIndex} />}
      </>
    )
  }
  return (
    <>
      {replyTo != null && <Quote roomId={roomId} messageId={replyTo} tabIndex={tabIndex} />}
      {forwarded && <ForwardedFrom forwarded={forwarded} tabIndex={tabIndex} />}
      {message && edit !== undefined ? (
        <EditMessage itemKey={key} message={message} text={edit} />
      ) : (
        // Long words and stacked marks stay inside; what hangs on the message may reach out.
        <div className={classes('overflow-clip', isChanged && 'changed')}>
          <MessageText text={content} id={key} />
          {message && isChanged && <EditedMark message={message} />}
        </div>
      )}
      {message && <ChangeProblem message={message} onDone={() => focusComposer(conversation)} />}
      {pending?.state === 'failed' && <SendProblem pending={pending} roomId={roomId} />}
      {message && message.reactions.length > 0 && <Reactions item={item} isFocused={isFocused} />}
      {message && !isRoot && <ThreadLine message={message} tabIndex={tabIndex} />}
    </>
  )
}

function Reactions({ item: { key, message }, isFocused }: Pick<MessageBodyProps, 'item' | 'isFocused'>) {
  const { rooms } = useClient()
  const conversation = useConversation()
  if (!message) return null
  const isClosed = rooms.get(message.room_id).get()?.archived_at != null
  return (
    <ReactionBar
      message={message}
      isClosed={isClosed}
      isFocused={isFocused}
      onAdd={() => pointAt(conversation, { popup: { key, name: 'reactions' } })}
      onLost={() => requestAnimationFrame(() => returnFocus(conversation, key))}
    />
  )
}
