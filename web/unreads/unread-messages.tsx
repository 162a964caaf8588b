import { useCallback, useMemo, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { MessageView, RoomView } from '@grandchat/client'
import { useMe } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { useHidden } from '../messages/deleting.ts'
import { itemsOf } from '../messages/items.ts'
import type { Item } from '../messages/items.ts'
import { MessageItem } from '../messages/message-item.tsx'
import { ConversationProvider } from '../messages/pointing.ts'
import type { ConversationActs, Pointing } from '../messages/pointing.ts'
import { useMessageKeys } from '../messages/use-message-keys.ts'
import { useMessagePointer } from '../messages/use-message-pointer.ts'
import { useRowFocus } from '../messages/use-row-focus.ts'
import { navigate, paths } from '../router.tsx'
import { createCell } from '../ui/cell.ts'
import { focusHeading, goPast } from './unread-keys.ts'

/** What is unread in a room, as it would stand there. */
export function UnreadMessages({ room, messages }: { room: RoomView; messages: readonly MessageView[] }) {
  const me = useMe()
  const hidden = useHidden()
  const element = useRef<HTMLElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const [firsts] = useState(() => new Set<string>())
  const items = useMemo(() => {
    const loaded = { messages, pending: [], dividerAfterSeq: null, hasOlder: false }
    return itemsOf(loaded, { viewerId: me.id, hidden, firsts })
  }, [messages, me.id, hidden, firsts])
  const { conversation, focusIndex } = useActs(room.id, items, element, list)
  const keys = useMessageKeys({ items, list, conversation, focusIndex })
  const pointer = useMessagePointer(conversation)
  return (
    <ConversationProvider value={conversation}>
      <section
        ref={element}
        aria-label={say('unreads.messages', { room: room.title })}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys go from message to message
        tabIndex={0}
        {...keys}
        {...pointer}
        className="pb-3 outline-offset-[-2px]"
      >
        <ol>
          {items.map((item) => (
            <li key={item.key}>
              <MessageItem item={item} roomId={room.id} />
            </li>
          ))}
        </ol>
      </section>
    </ConversationProvider>
  )
}

function useActs(
  roomId: number,
  items: readonly Item[],
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<VirtualizerHandle | null>,
) {
  const [pointing] = useState(() => createCell<Pointing>({}))
  const { focusIndex, focusRow } = useRowFocus({ pointing, items, scroller, list })
  const jumpTo = useCallback((messageId: number) => navigate(paths.message(roomId, messageId)), [roomId])
  const outside = useMemo(
    () => ({
      goPast: (step: 1 | -1) => goPast(scroller.current, step),
      leave: () => focusHeading(scroller.current?.closest<HTMLElement>('[data-unread-room]')),
    }),
    [scroller],
  )
  const conversation = useMemo<ConversationActs>(
    () => ({ pointing, jumpTo, focusRow, outside }),
    [pointing, jumpTo, focusRow, outside],
  )
  return { conversation, focusIndex }
}
