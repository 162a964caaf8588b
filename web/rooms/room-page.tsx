import { Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import CloudOff from 'lucide-react/icons/cloud-off'
import type { RoomView } from '@grandchat/client'
import { lazyPart } from '../parts.ts'
import { useClient, useObservable, useRoom, useTimeline } from '../client-context.tsx'
import { ConnectionNotice } from '../connection/connection-notice.tsx'
import { say } from '../locales/words.ts'
import { AnsweringComposer } from '../messages/answering-composer.tsx'
import { Conversation } from '../messages/conversation.tsx'
import type { ConversationHandle } from '../messages/conversation.tsx'
import { RoomNames } from '../messages/room-names.tsx'
import { ComposerSkeleton, TimelineSkeleton } from '../messages/timeline-skeleton.tsx'
import { useRun } from '../messages/use-run.ts'
import { useTarget } from '../messages/use-target.ts'
import { navigate, paths } from '../router.tsx'
import type { Panel } from '../router.tsx'
import { TypingLine } from '../typing/typing-line.tsx'
import type { Cell } from '../ui/cell.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { reopenDirect } from './closing.ts'
import { RoomAbsent } from './room-absent.tsx'
import { RoomHeader, RoomHeaderSkeleton } from './room-header.tsx'
import { isNarrow } from './side-panel.tsx'
import { WritingPlace } from './writing-place.tsx'

const MembersPanel = lazyPart(() => import('../memberships/members-panel.tsx'))
const DetailsPanel = lazyPart(() => import('./details-panel.tsx'))
const ThreadPanel = lazyPart(() => import('../threads/thread-panel.tsx'))
const PinsPanel = lazyPart(() => import('../pins/pins-panel.tsx'))

type RoomPageProps = {
  roomId: number
  panel: Panel | undefined
  messageId: number | undefined
  threadId: number | undefined
}

/** A room by its address: its conversation if it is one's own, else the way in. */
export function RoomPage({ roomId, ...beside }: RoomPageProps) {
  const room = useRoom(roomId)
  const { status } = useObservable(useClient().rooms.list)
  if (room) {
    return (
      <RoomNames room={room}>
        <OpenRoom room={room} {...beside} />
      </RoomNames>
    )
  }
  if (status === 'ready') return <RoomAbsent roomId={roomId} />
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <RoomHeaderSkeleton />
      <TimelineSkeleton />
      <ComposerSkeleton />
    </div>
  )
}

type OpenRoomProps = { room: RoomView } & Omit<RoomPageProps, 'roomId'>

function OpenRoom({ room, panel, messageId, threadId }: OpenRoomProps) {
  const client = useClient()
  const { messages } = client
  const handle = useRef<ConversationHandle>(null)
  const [opened, setOpened] = useState(false)
  // What is new is decided when the room opens: the conversation must not be drawn, and read, before.
  useLayoutEffect(() => {
    const close = messages.open(room.id)
    // oxlint-disable-next-line react/set-state-in-effect -- opening is an effect, and what it decides is drawn at once
    setOpened(true)
    return close
  }, [messages, room.id])
  useEffect(() => reopenDirect(client, room.id), [client, room.id])
  const { isSeeking, wanted } = useTarget(room.id, messageId, handle)

  const jumpFromPanel = (id: number) => {
    // On small screens the panel covers what one wants to see.
    if (isNarrow()) navigate(paths.message(room.id, id), { replace: true })
    else handle.current?.jumpTo(id)
  }
  return (
    <div className="flex min-w-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <RoomHeader room={room} panel={panel} />
        {!opened ? (
          <div className="flex-1" />
        ) : isSeeking ? (
          <TimelineSkeleton />
        ) : (
          <Timeline room={room} hasTarget={messageId !== undefined} handle={handle} wanted={wanted} />
        )}
        <ConnectionNotice />
        <TypingLine roomId={room.id} />
        <WritingPlace room={room}>
          <AnsweringComposer
            room={room}
            onSent={() => handle.current?.scrollDown()}
            onEditLast={() => handle.current?.editLast()}
          />
        </WritingPlace>
      </div>
      <Suspense>
        {panel === 'members' && <MembersPanel room={room} />}
        {panel === 'details' && <DetailsPanel room={room} />}
        {panel === 'pins' && <PinsPanel room={room} onJump={jumpFromPanel} />}
        {threadId !== undefined && (
          <ThreadPanel key={threadId} room={room} threadId={threadId} onJump={jumpFromPanel} />
        )}
      </Suspense>
    </div>
  )
}

type TimelineProps = {
  room: RoomView
  /** The address names a message. */
  hasTarget: boolean
  handle: RefObject<ConversationHandle | null>
  wanted: Cell<number | undefined>
}

function Timeline({ room, hasTarget, handle, wanted }: TimelineProps) {
  const { messages } = useClient()
  const timeline = useTimeline(room.id)
  const run = useRun(timeline)
  const jumpToNewest = () => {
    if (hasTarget) navigate(paths.room(room.id), { replace: true })
    void messages.jumpToNewest(room.id).then(() => handle.current?.scrollDown())
  }
  const hasSome = timeline.messages.length > 0 || timeline.pending.length > 0
  // What is known is shown, whatever became of the last request.
  if (timeline.status === 'ready' || hasSome) {
    return (
      <Conversation
        key={run}
        room={room}
        timeline={timeline}
        wanted={wanted}
        isFirstRun={run === 0}
        onJumpToNewest={jumpToNewest}
        ref={handle}
      />
    )
  }
  if (timeline.status !== 'error') return <TimelineSkeleton />
  return (
    <div className="flex min-h-0 flex-1 overflow-y-auto">
      <Empty
        icon={<CloudOff size={32} strokeWidth={1.5} />}
        title={say('room.failed.title')}
        text={say('room.failed.text')}
      >
        <Button look="primary" onClick={() => void messages.reload(room.id)}>
          {say('app.try_again')}
        </Button>
      </Empty>
    </div>
  )
}
