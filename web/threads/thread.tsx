import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { MessageView, RoomView, Timeline } from '@grandchat/client'
import { useClient, useMe } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Announcements } from '../messages/announcements.tsx'
import { Composer } from '../messages/composer.tsx'
import { useHidden } from '../messages/deleting.ts'
import { itemsOf, lastSeqOf } from '../messages/items.ts'
import { MessageItem } from '../messages/message-item.tsx'
import { ConversationProvider } from '../messages/pointing.ts'
import type { ConversationActs, Pointing } from '../messages/pointing.ts'
import { useEditLast } from '../messages/use-edit-last.ts'
import { useMessageKeys } from '../messages/use-message-keys.ts'
import { useMessagePointer } from '../messages/use-message-pointer.ts'
import { useRowFocus } from '../messages/use-row-focus.ts'
import { useSendLater } from '../own-rows/use-send-later.ts'
import { WritingPlace } from '../rooms/writing-place.tsx'
import { TypingLine } from '../typing/typing-line.tsx'
import { Button } from '../ui/button.tsx'
import { createCell } from '../ui/cell.ts'
import { useMarkThreadRead } from './use-mark-thread-read.ts'
import { useStickToEnd } from './use-stick-to-end.ts'

type ThreadProps = {
  room: RoomView
  threadId: number
  root: MessageView | 'gone'
  timeline: Timeline
  onJump: (messageId: number) => void
}

/** What a thread hangs from, what was said in it, and where one goes on. */
export function Thread({ room, threadId, root, timeline, onJump }: ThreadProps) {
  const { messages } = useClient()
  const me = useMe()
  const hidden = useHidden()
  const scroller = useRef<HTMLElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const [firsts] = useState(() => new Set<string>())
  const replies = useMemo(
    () => itemsOf(timeline, { viewerId: me.id, hidden, firsts }),
    [timeline, me.id, hidden, firsts],
  )
  const head = useMemo(() => (root === 'gone' || hidden.has(root.id) ? [] : headOf(root, me.id)), [root, hidden, me.id])
  const items = useMemo(() => [...head, ...replies], [head, replies])
  const scroll = useStickToEnd(scroller, content)
  useMarkThreadRead(room.id, threadId, lastSeqOf(timeline.messages), scroll.atEnd)
  const acts = useActs({ threadId, items, scroller, list, onJump })
  const { focusIndex } = acts
  const keys = useMessageKeys({ items, list, conversation: acts.conversation, focusIndex })
  const pointer = useMessagePointer(acts.conversation)
  const sendLater = useSendLater(room.id)
  const editLast = useEditLast(replies, me.id, list)

  const send = (text: string) => {
    messages.send(room.id, text, { threadId })
    scroll.scrollDown()
  }
  return (
    <ConversationProvider value={acts.conversation}>
      <section
        ref={scroller}
        aria-label={say('threads.list')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys go from message to message
        tabIndex={0}
        onScroll={scroll.onScroll}
        {...keys}
        {...pointer}
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain outline-offset-[-2px]"
      >
        <div ref={content} className="pt-4 pb-2">
          {head.map((item) => (
            <MessageItem key={item.key} item={item} roomId={room.id} />
          ))}
          {head.length === 0 && <p className="px-5 text-soft italic">{say('messages.quote.gone')}</p>}
          <Between roomId={room.id} threadId={threadId} timeline={timeline} />
          <ol>
            {replies.map((item) => (
              <li key={item.key}>
                <MessageItem item={item} roomId={room.id} />
              </li>
            ))}
          </ol>
        </div>
      </section>
      <Announcements items={replies} viewerId={me.id} ready={timeline.status === 'ready'} />
      <TypingLine roomId={room.id} threadId={threadId} />
      <WritingPlace room={room}>
        <Composer
          roomId={room.id}
          roomName={room.title}
          threadId={threadId}
          onSend={send}
          onSchedule={(text, sendAt) => sendLater(text, sendAt, { threadId })}
          onEditLast={editLast}
        />
      </WritingPlace>
    </ConversationProvider>
  )
}

/** The message alone, without what its neighbours in the room make of it. */
function headOf(root: MessageView, viewerId: number) {
  return itemsOf({ messages: [root], pending: [], dividerAfterSeq: null, hasOlder: true }, { viewerId })
}

type ActsOptions = {
  threadId: number
  items: ReturnType<typeof itemsOf>
  scroller: RefObject<HTMLElement | null>
  list: RefObject<VirtualizerHandle | null>
  onJump: (messageId: number) => void
}

function useActs({ threadId, items, scroller, list, onJump }: ActsOptions) {
  const [pointing] = useState(() => createCell<Pointing>({}))
  const { focusIndex, focusRow } = useRowFocus({ pointing, items, scroller, list })
  const jump = useRef(onJump)
  useLayoutEffect(() => {
    jump.current = onJump
  }, [onJump])
  const jumpTo = useCallback(
    (messageId: number) => {
      const row = scroller.current?.querySelector(`[data-message-id="${messageId}"]`)
      if (row) row.scrollIntoView({ block: 'center' })
      else jump.current(messageId)
    },
    [scroller],
  )
  const conversation = useMemo<ConversationActs>(
    () => ({ pointing, jumpTo, focusRow, threadId }),
    [pointing, jumpTo, focusRow, threadId],
  )
  return { conversation, focusIndex }
}

type BetweenProps = { roomId: number; threadId: number; timeline: Timeline }

/** Between a message and its thread: how much of it there is, or the way to what came before. */
function Between({ roomId, threadId, timeline }: BetweenProps) {
  const { threads } = useClient()
  const { hasOlder, loadingOlder, olderFailed, messages } = timeline
  const count = messages.filter(({ deleted_at }) => deleted_at === null).length
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-x-3 px-5 py-1 text-meta text-soft">
      {olderFailed && <p role="alert">{say('messages.older.failed')}</p>}
      {hasOlder ? (
        <Button small aria-disabled={loadingOlder} onClick={() => void threads.loadOlder(roomId, threadId)}>
          {say(loadingOlder ? 'messages.older.loading' : 'threads.older')}
        </Button>
      ) : (
        <p className="figures">{say('threads.count', { count })}</p>
      )}
      <span aria-hidden className="h-px min-w-8 flex-1 bg-hairline" />
    </div>
  )
}
