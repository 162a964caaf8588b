import { useEffect, useLayoutEffect, useMemo, useState } from 'react'
import CloudOff from 'lucide-react/icons/cloud-off'
import MessageSquareOff from 'lucide-react/icons/message-square-off'
import type { RoomView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { focusComposer } from '../messages/focus-composer.ts'
import { TimelineSkeleton } from '../messages/timeline-skeleton.tsx'
import { useMessage } from '../messages/use-message.ts'
import { SidePanel } from '../rooms/side-panel.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { isFocusLost } from '../ui/use-kept-focus.ts'
import { FollowButton } from './follow-button.tsx'
import { Thread } from './thread.tsx'

type ThreadPanelProps = { room: RoomView; threadId: number; onJump: (messageId: number) => void }

/** A message with what was answered to it aside from the room, beside the room's conversation. */
export default function ThreadPanel({ room, threadId, onJump }: ThreadPanelProps) {
  useWayBack()
  return (
    <SidePanel
      roomId={room.id}
      panel="thread"
      title={say('threads.thread')}
      actions={<FollowButton roomId={room.id} threadId={threadId} />}
    >
      <LoadedThread room={room} threadId={threadId} onJump={onJump} />
    </SidePanel>
  )
}

function LoadedThread({ room, threadId, onJump }: ThreadPanelProps) {
  const { threads } = useClient()
  const [isOpen, setIsOpen] = useState(false)
  // What is new is decided when it opens: it must not be drawn, and read, before.
  useLayoutEffect(() => {
    const close = threads.open(room.id, threadId)
    // oxlint-disable-next-line react/set-state-in-effect -- opening is an effect, and what it decides is drawn at once
    setIsOpen(true)
    return close
  }, [threads, room.id, threadId])
  const timeline = useObservable(useMemo(() => threads.timeline(room.id, threadId), [threads, room.id, threadId]))
  const root = useMessage(room.id, threadId)
  const isEmpty = timeline.messages.length === 0 && timeline.pending.length === 0

  if (!isOpen) return null
  if (timeline.status === 'error' && isEmpty) {
    return (
      <Empty
        small
        icon={<CloudOff size={24} strokeWidth={1.5} />}
        title={say('threads.failed.title')}
        text={say('room.failed.text')}
      >
        <Button onClick={() => void threads.reload(room.id, threadId)}>{say('app.try_again')}</Button>
      </Empty>
    )
  }
  if (root === 'loading' || (timeline.status !== 'ready' && isEmpty)) return <TimelineSkeleton />
  if (root === 'gone' && isEmpty) {
    return (
      <Empty
        small
        icon={<MessageSquareOff size={24} strokeWidth={1.5} />}
        title={say('messages.quote.gone')}
        text={say('threads.gone')}
      />
    )
  }
  return <Thread room={room} threadId={threadId} root={root} timeline={timeline} onJump={onJump} />
}

/** Who came from a message or its line is back there when the thread closes. */
function useWayBack(): void {
  // Read before anything in here takes the focus.
  const [opener] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (!isFocusLost()) return
        if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) {
          opener.focus({ preventScroll: true })
        } else if (matchMedia('(hover: hover) and (pointer: fine)').matches) focusComposer()
      })
    },
    [opener],
  )
}
