import { useState } from 'react'
import type { ReactNode } from 'react'
import { limits } from '@grandchat/contracts/limits'
import type { RoomView } from '@grandchat/client'
import type { Posting as PostingOf } from '@grandchat/contracts/rooms/schema'
import { useClient } from '../client-context.tsx'
import { sayLongDate } from '../locales/times.ts'
import { problemOf, say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { archiveRoom, restoreRoom } from './archiving.ts'
import { EditableText } from './editable-text.tsx'
import { isOwner, mayChange } from './may.ts'
import { PostingChoice } from './posting-choice.tsx'
import { sayKind } from './room-mark.tsx'
import { SidePanel } from './side-panel.tsx'

/** What a room is: changed in place by those who run it, read by everybody else. */
export default function DetailsPanel({ room }: { room: RoomView }) {
  const { rooms } = useClient()
  const canChange = mayChange(room)
  return (
    <SidePanel roomId={room.id} panel="details" title={say('room.details')}>
      <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto overscroll-contain p-5">
        {room.kind !== 'direct' && (
          <>
            <EditableText
              label={say('room.name')}
              value={room.name}
              max={limits.roomName}
              canChange={canChange}
              onSave={(name) => rooms.update(room.id, { name })}
            />
            <EditableText
              label={say('room.topic')}
              value={room.topic}
              empty={say(canChange ? 'room.topic.none' : 'room.topic.none.read')}
              max={limits.roomTopic}
              mayBeEmpty
              canChange={canChange}
              onSave={(topic) => rooms.update(room.id, { topic })}
            />
            <Posting room={room} canChange={canChange} />
          </>
        )}
        <Fact label={say('room.kind')}>{sayKind(room.kind)}</Fact>
        <Fact label={say('room.created')}>{sayLongDate(room.created_at)}</Fact>
        {isOwner(room) && <Archiving room={room} />}
      </div>
    </SidePanel>
  )
}

function Posting({ room, canChange }: { room: RoomView; canChange: boolean }) {
  const { rooms } = useClient()
  // What was chosen stands before the server has taken it.
  const [chosen, setChosen] = useState<PostingOf>()
  const choose = (posting: PostingOf) => {
    setChosen(posting)
    rooms
      .update(room.id, { posting })
      .catch((error: unknown) => toast(problemOf(error).text))
      .finally(() => setChosen(undefined))
  }
  if (!canChange) {
    return (
      <Fact label={say('room.posting')}>
        {say(room.posting === 'all' ? 'room.posting.all' : 'room.posting.admins')}
      </Fact>
    )
  }
  return <PostingChoice value={chosen ?? room.posting} onChange={choose} />
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-0.5">
      <h3 className="text-meta font-medium text-soft">{label}</h3>
      <p className="wrap-anywhere">{children}</p>
    </div>
  )
}

function Archiving({ room }: { room: RoomView }) {
  const client = useClient()
  const isArchived = room.archived_at !== null
  return (
    <div className="flex flex-col items-start gap-2 border-t border-hairline pt-5">
      <p className="text-meta text-pretty text-soft">{say(isArchived ? 'room.restore.text' : 'room.archive.text')}</p>
      <Button small onClick={() => void (isArchived ? restoreRoom(client, room) : archiveRoom(client, room))}>
        {say(isArchived ? 'room.restore' : 'room.archive')}
      </Button>
    </div>
  )
}
