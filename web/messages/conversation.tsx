import { useImperativeHandle, useMemo, useRef } from 'react'
import type { Ref } from 'react'
import { Virtualizer } from 'virtua'
import type { VirtualizerHandle } from 'virtua'
import type { RoomView, Timeline } from '@grandchat/client'
import { useMe } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Announcements } from './announcements.tsx'
import { itemsOf } from './items.ts'
import { JumpDown } from './jump-down.tsx'
import { JumpUp } from './jump-up.tsx'
import { ListHead, listHeadHeight } from './list-head.tsx'
import { MessageItem } from './message-item.tsx'
import { StickyDay } from './sticky-day.tsx'
import { countNewAfter, useListScroll } from './use-list-scroll.ts'
import { useFirstNew } from './use-first-new.ts'
import { useMarkRead } from './use-mark-read.ts'
import { usePrepended } from './use-prepended.ts'

/** What the composer asks of the list. */
export type ConversationHandle = { scrollDown: () => void }

type ConversationProps = { room: RoomView; timeline: Timeline; ref: Ref<ConversationHandle> }

/** The messages of a room, of which only those near the screen exist in the page. */
export function Conversation({ room, timeline, ref }: ConversationProps) {
  const me = useMe()
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const items = useMemo(() => itemsOf(timeline, me.id), [timeline, me.id])
  const prepended = usePrepended(items)
  const { atEnd, seenKey, onScroll, onResize, scrollDown } = useListScroll({
    roomId: room.id,
    items,
    timeline,
    scroller,
    list,
  })
  const { newAbove, goToFirstNew } = useFirstNew(room, timeline, items, list)
  useMarkRead(room, timeline.messages, atEnd)
  useImperativeHandle(ref, () => ({ scrollDown }), [scrollDown])

  return (
    <div className="relative min-h-0 flex-1 overflow-clip">
      <section
        ref={scroller}
        aria-label={say('messages.list', { room: room.title })}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow and page keys scroll what has the focus
        tabIndex={0}
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
          as="ol"
          item="li"
          onScroll={onScroll}
          onResize={onResize}
        >
          {(item) => <MessageItem key={item.key} item={item} roomId={room.id} />}
        </Virtualizer>
        <div className="h-2 shrink-0" />
      </section>
      <StickyDay items={items} list={list} scroller={scroller} />
      <JumpUp newAbove={newAbove} onJump={goToFirstNew} />
      <JumpDown atEnd={atEnd} newBelow={countNewAfter(items, seenKey, me.id)} onJump={scrollDown} />
      <Announcements items={items} viewerId={me.id} ready={timeline.status === 'ready'} />
    </div>
  )
}
