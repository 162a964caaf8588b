import type { FoundMessage } from '@grandchat/contracts/search/schema'
import { useRoom } from '../client-context.tsx'
import { sayExactTime, sayTimeShort } from '../locales/times.ts'
import { RoomIcon } from '../rooms/room-mark.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { displayName } from '../users/names.ts'
import { Marked } from './marked.tsx'
import { OptionBox } from './option-box.tsx'
import type { OptionProps } from './option-box.tsx'

type ResultRowProps = OptionProps & { found: FoundMessage }

/** A message that was found: who wrote it, where and when, and the piece of it that matches. */
export function ResultRow({ found, ...option }: ResultRowProps) {
  const { message, room_id: roomId, snippet } = found
  const room = useRoom(roomId)
  return (
    <OptionBox {...option} messageId={message.id} className="gap-2.5 px-2 py-2.5">
      <Avatar user={message.user} size={28} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <bdi className="min-w-0 truncate font-semibold">{displayName(message.user)}</bdi>
          <time
            dateTime={message.created_at}
            title={sayExactTime(message.created_at)}
            className="figures ms-auto shrink-0 text-tiny text-soft"
          >
            {sayTimeShort(message.created_at)}
          </time>
        </p>
        {room && (
          <p className="flex items-center gap-1 text-meta text-soft">
            <RoomIcon kind={room.kind} size={12} />
            <bdi className="truncate">{room.title}</bdi>
          </p>
        )}
        <p dir="auto" className="people-words mt-0.5 line-clamp-4 text-start text-strong">
          <Marked snippet={snippet} />
        </p>
      </div>
    </OptionBox>
  )
}
