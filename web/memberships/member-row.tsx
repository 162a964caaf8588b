import type { RoomView } from '@grandchat/client'
import type { Member } from '@grandchat/contracts/memberships/schema'
import { say } from '../locales/words.ts'
import { PresenceDot } from '../presence/presence-dot.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { MemberMenu } from './member-menu.tsx'
import { displayName } from '../users/names.ts'
import { PersonButton } from '../users/person-button.tsx'
import { StatusMark } from '../users/status-mark.tsx'

const roleNames = {
  owner: () => say('members.role.owner'),
  admin: () => say('members.role.admin'),
  member: () => undefined,
}

type MemberRowProps = { room: RoomView; member: Member; isViewer: boolean }

export function MemberRow({ room, member, isViewer }: MemberRowProps) {
  const { user } = member
  const role = roleNames[member.role]()
  const name = displayName(user)
  return (
    <div data-user-id={user.id} className="flex h-13 items-center gap-3 rounded-control px-2">
      <PersonButton
        user={user}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-control text-start outline-offset-2 max-wide:min-h-11"
      >
        <span className="relative flex shrink-0">
          <Avatar user={user} />
          <PresenceDot userId={user.id} />
        </span>
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex min-w-0 gap-1.5">
            <bdi className="truncate font-medium">{name}</bdi>
            {isViewer && <span className="shrink-0 text-soft">({say('members.you')})</span>}
            <StatusMark userId={user.id} />
          </span>
          {name !== user.username && <bdi className="truncate text-meta text-soft">{user.username}</bdi>}
        </span>
      </PersonButton>
      {role !== undefined && <span className="shrink-0 text-meta text-soft">{role}</span>}
      <MemberMenu room={room} member={member} isViewer={isViewer} />
    </div>
  )
}
