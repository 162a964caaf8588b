import type { ReactNode } from 'react'
import MessageSquare from 'lucide-react/icons/message-square'
import { useMe, useRoom } from '../client-context.tsx'
import { sayTimeShort } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { RoomIcon } from '../rooms/room-mark.tsx'
import { RoomBadge } from '../mentions/room-badge.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { sayShortcut } from '../shortcuts/say-keys.ts'
import { displayName } from '../users/names.ts'
import { Marked } from './marked.tsx'
import { OptionBox } from './option-box.tsx'
import type { OptionProps } from './option-box.tsx'
import type { SwitcherItem } from './switcher-items.ts'

type SwitcherRowProps = OptionProps & { item: SwitcherItem }

export function SwitcherRow({ item, ...option }: SwitcherRowProps) {
  return (
    <OptionBox {...option} className="min-h-10 items-center gap-3 px-2.5 max-wide:min-h-12">
      <Content item={item} />
    </OptionBox>
  )
}

function Content({ item }: { item: SwitcherItem }) {
  switch (item.kind) {
    case 'room':
      return <OwnRoom item={item} />
    case 'discovered':
      return (
        <Line mark={<RoomIcon kind={item.room.kind} />} name={item.room.name}>
          {say('switcher.not_joined')}
        </Line>
      )
    case 'person':
      return (
        <Line mark={<Avatar user={item.user} size={20} className="mx-0.5" />} name={displayName(item.user)}>
          {say('switcher.write')}
        </Line>
      )
    case 'message':
      return <Message item={item} />
    case 'command':
  }
  const { icon: Icon, label, shortcut } = item.command
  return (
    <Line mark={<Icon size={16} />} name={label()}>
      {item.about !== undefined && <bdi>{item.about}</bdi>}
      {shortcut && (
        <kbd aria-hidden className="font-sans max-wide:hidden">
          {sayShortcut(shortcut)}
        </kbd>
      )}
    </Line>
  )
}

function Line({
  mark,
  name,
  isStrong,
  children,
}: {
  mark: ReactNode
  name: string
  isStrong?: boolean
  children?: ReactNode
}) {
  return (
    <>
      <span className="flex w-6 shrink-0 justify-center text-soft">{mark}</span>
      <bdi className={isStrong ? 'truncate font-semibold' : 'truncate'}>{name}</bdi>
      {children !== undefined && <span className="ms-auto shrink-0 text-meta text-soft">{children}</span>}
    </>
  )
}

function OwnRoom({ item: { id, room } }: { item: Extract<SwitcherItem, { kind: 'room' }> }) {
  const me = useMe()
  const isUnread = room.unread > 0
  const other = room.direct_users?.find((user) => user.id !== me.id) ?? room.direct_users?.[0]
  const mark = other ? <Avatar user={other} size={20} className="mx-0.5" /> : <RoomIcon kind={room.kind} />
  return (
    <Line mark={mark} name={room.title} isStrong={isUnread}>
      <RoomBadge id={`${id}-unread`} room={room} />
    </Line>
  )
}

function Message({ item: { found } }: { item: Extract<SwitcherItem, { kind: 'message' }> }) {
  const room = useRoom(found.room_id)
  return (
    <>
      <span className="flex w-6 shrink-0 justify-center text-soft">
        <MessageSquare size={16} aria-hidden />
      </span>
      <span className="flex min-w-0 flex-1 flex-col py-1.5">
        <span dir="auto" className="truncate text-start">
          <Marked snippet={found.snippet} />
        </span>
        <span className="flex gap-2 text-meta text-soft">
          <bdi className="truncate">
            {say('switcher.message', { name: displayName(found.message.user), room: room?.title ?? '' })}
          </bdi>
          <span className="figures ms-auto shrink-0">{sayTimeShort(found.message.created_at)}</span>
        </span>
      </span>
    </>
  )
}
