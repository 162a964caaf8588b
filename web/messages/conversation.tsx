import { useImperativeHandle, useMemo, useRef, useState } from 'react'
import type { Ref } from 'react'
import { Virtualizer } from 'virtua'
import type { VirtualizerHandle } from 'virtua'
import type { RoomView, Timeline } from '@grandchat/client'
import { useMe } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { MentionJumps } from '../mentions/mention-jumps.tsx'
import { useMentionJumps } from '../mentions/use-mention-jumps.ts'
import { createCell } from '../ui/cell.ts'
import type { Cell } from '../ui/cell.ts'
import { Announcements } from './announcements.tsx'
import { AwayStrip, useAway } from './away-strip.tsx'
import { useHidden } from './deleting.ts'
import { itemsOf } from './items.ts'
import { JumpDown } from './jump-down.tsx'
import { JumpUp } from './jump-up.tsx'
import { ListHead, listHeadHeight } from './list-head.tsx'
import { MessageItem } from './message-item.tsx'
import { ConversationProvider } from './pointing.ts'
import type { ConversationActs, Pointing } from './pointing.ts'
import { StickyDay } from './sticky-day.tsx'
import { useEditLast } from './use-edit-last.ts'
import { useFirstNew } from './use-first-new.ts'
import { useJump } from './use-jump.ts'
import { countNewAfter, useListScroll } from './use-list-scroll.ts'
import { useMarkRead } from './use-mark-read.ts'
import { useMessageKeys } from './use-message-keys.ts'
import { useMessagePointer } from './use-message-pointer.ts'
import { usePrepended } from './use-prepended.ts'
import { useRowFocus } from './use-row-focus.ts'

/** What those around the list ask of it. */
export type ConversationHandle = {
  scrollDown: () => void
  jumpTo: (messageId: number) => void
  /** Begins to change what the viewer said last, if there is anything. */
  editLast: () => void
}

type ConversationProps = {
  room: RoomView
  timeline: Timeline
  /** A message to go to as soon as the list is there. */
  wanted: Cell<number | undefined>
  /** The first messages that the room shows since it was opened: only then does it matter where one was. */
  isFirstRun: boolean
  onJumpToNewest: () => void
  ref: Ref<ConversationHandle>
}

/** The messages of a room, of which only those near the screen exist in the page. */
export function Conversation({ room, timeline, wanted, isFirstRun, onJumpToNewest, ref }: ConversationProps) {
  const me = useMe()
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const hidden = useHidden()
  const [firsts] = useState(() => new Set<string>())
  const items = useMemo(() => itemsOf(timeline, { viewerId: me.id, hidden, firsts }), [timeline, me.id, hidden, firsts])
  const prepended = usePrepended(items)
  const scroll = useListScroll({ room, items, timeline, scroller, list, wanted, isFirstRun })
  const { newAbove, goToFirstNew } = useFirstNew(room, timeline, items, list)
  useMarkRead(room, timeline.messages, scroll.atEnd)

  const newBelow = countNewAfter(items, scroll.seenKey, me.id)

  const [pointing] = useState(() => createCell<Pointing>({}))
  const jumpTo = useJump({ roomId: room.id, items, list, pointing, wanted })
  const { look, ...mentions } = useMentionJumps({ room, timeline, items, list, jumpTo })
  const { focusIndex, focusRow, kept } = useRowFocus({ pointing, items, scroller, list })
  const acts = useMemo<ConversationActs>(() => ({ pointing, jumpTo, focusRow }), [pointing, jumpTo, focusRow])
  const keys = useMessageKeys({ items, list, conversation: acts, focusIndex })
  const pointer = useMessagePointer(acts)
  const { away, dismiss } = useAway(room, timeline)
  // What came while one was away says the same.
  const hiddenAbove = isFirstRun && away ? 0 : newAbove
  const jumpToFirstNew = () => {
    goToFirstNew()
    const first = items.find(({ isFirstNew }) => isFirstNew)
    if (first) focusRow(first.key)
  }
  const editLast = useEditLast(items, me.id, list)
  useImperativeHandle(ref, () => ({ scrollDown: scroll.scrollDown, jumpTo, editLast }))

  return (
    <ConversationProvider value={acts}>
      {isFirstRun && away && <AwayStrip away={away} room={room} onJump={jumpToFirstNew} onDismiss={dismiss} />}
      <div className="relative min-h-0 flex-1 overflow-clip">
        <section
          ref={scroller}
          aria-label={say('messages.list', { room: room.title })}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys go from message to message
          tabIndex={0}
          {...keys}
          {...pointer}
          className="flex h-full flex-col overflow-x-hidden overflow-y-auto overscroll-contain outline-offset-[-2px] [overflow-anchor:none]"
        >
          <div className="grow" />
          <ListHead room={room} timeline={timeline} empty={items.length === 0} />
          <Virtualizer
            ref={list}
            scrollRef={scroller}
            data={items}
            shift={prepended}
            startMargin={listHeadHeight}
            itemSize={40}
            bufferSize={600}
            keepMounted={kept}
            as="ol"
            item="li"
            onScroll={() => {
              scroll.onScroll()
              look()
            }}
            onResize={() => {
              scroll.onResize()
              look()
            }}
          >
            {(item) => <MessageItem key={item.key} item={item} roomId={room.id} />}
          </Virtualizer>
          <div className="h-2 shrink-0" />
        </section>
        <StickyDay items={items} list={list} scroller={scroller} />
        <JumpUp newAbove={hiddenAbove} onJump={goToFirstNew} />
        <MentionJumps {...mentions} isLow={hiddenAbove > 0} isHigh={timeline.hasNewer || newBelow > 0} />
        <JumpDown
          atEnd={scroll.atEnd}
          hasNewer={timeline.hasNewer}
          newBelow={newBelow}
          onJump={timeline.hasNewer ? onJumpToNewest : scroll.scrollDown}
        />
        <Announcements items={items} viewerId={me.id} ready={timeline.status === 'ready' && !timeline.hasNewer} />
      </div>
    </ConversationProvider>
  )
}
