import { Suspense, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import CloudOff from 'lucide-react/icons/cloud-off'
import type { RoomView } from '@grandchat/client'
import { lazyPart } from '../parts.ts'
import { useClient, useObservable, useRoom, useTimeline } from '../client-context.tsx'
import { ConnectionNotice } from '../connection/connection-notice.tsx'
import { say } from '../locales/words.ts'
import { Composer } from '../messages/composer.tsx'
import { Conversation } from '../messages/conversation.tsx'
import type { ConversationHandle } from '../messages/conversation.tsx'
import { RoomNames } from '../messages/room-names.tsx'
import { ComposerSkeleton, TimelineSkeleton } from '../messages/timeline-skeleton.tsx'
import type { Panel } from '../router.tsx'
import { TypingLine } from '../typing/typing-line.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { RoomAbsent } from './room-absent.tsx'
import { RoomHeader, RoomHeaderSkeleton } from './room-header.tsx'

const MembersPanel = lazyPart(() => import('../memberships/members-panel.tsx'))

type RoomPageProps = { roomId: number; panel?: Panel; messageId?: number }

/** A room by its address: its conversation if it is one's own, else the way in. */
export function RoomPage({ roomId, panel }: RoomPageProps) {
  const room = useRoom(roomId)
  const { status } = useObservable(useClient().rooms.list)
  if (room) {
    return (
      <RoomNames room={room}>
        <OpenRoom room={room} panel={panel} />
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

function OpenRoom({ room, panel }: { room: RoomView; panel: Panel | undefined }) {
  const { messages } = useClient()
  const handle = useRef<ConversationHandle>(null)
  const [opened, setOpened] = useState(false)
  // What is new is decided when the room opens: the conversation must not be drawn, and read, before.
  useLayoutEffect(() => {
    const close = messages.open(room.id)
    // oxlint-disable-next-line react/set-state-in-effect -- opening is an effect, and what it decides is drawn at once
    setOpened(true)
    return close
  }, [messages, room.id])
  const send = (text: string) => {
    messages.send(room.id, text)
    handle.current?.scrollDown()
  }
  return (
    <div className="flex min-w-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <RoomHeader room={room} panel={panel} />
        {opened ? <Timeline room={room} handle={handle} /> : <div className="flex-1" />}
        <ConnectionNotice />
        <TypingLine roomId={room.id} />
        <Composer roomId={room.id} roomName={room.title} onSend={send} />
      </div>
      {panel === 'members' && (
        <Suspense>
          <MembersPanel room={room} />
        </Suspense>
      )}
    </div>
  )
}

function Timeline({ room, handle }: { room: RoomView; handle: RefObject<ConversationHandle | null> }) {
  const { messages } = useClient()
  const timeline = useTimeline(room.id)
  const hasSome = timeline.messages.length > 0 || timeline.pending.length > 0
  // What is known is shown, whatever became of the last request.
  if (timeline.status === 'ready' || hasSome) return <Conversation room={room} timeline={timeline} ref={handle} />
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
