import type { ReactNode } from 'react'
import Crown from 'lucide-react/icons/crown'
import Ellipsis from 'lucide-react/icons/ellipsis'
import MessageCircle from 'lucide-react/icons/message-circle'
import Shield from 'lucide-react/icons/shield'
import UserMinus from 'lucide-react/icons/user-minus'
import UserRound from 'lucide-react/icons/user-round'
import type { Client, RoomView } from '@grandchat/client'
import type { Member } from '@grandchat/contracts/memberships/schema'
import type { MemberRole } from '@grandchat/contracts/rooms/schema'
import { useClient } from '../client-context.tsx'
import { problemOf, say } from '../locales/words.ts'
import { isOwner, mayChange, mayRun } from '../rooms/may.ts'
import { goToDirect } from '../rooms/open-direct.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { toast } from '../ui/toast.tsx'
import { displayName } from '../users/names.ts'

type MemberMenuProps = { room: RoomView; member: Member; isViewer: boolean }

const roles = (): readonly { value: MemberRole; label: string; icon: ReactNode }[] => [
  { value: 'owner', label: say('members.role.owner'), icon: <Crown size={16} /> },
  { value: 'admin', label: say('members.role.admin'), icon: <Shield size={16} /> },
  { value: 'member', label: say('members.role.member'), icon: <UserRound size={16} /> },
]

/** What one can do about somebody in a room; nothing if there is nothing. */
export function MemberMenu({ room, member, isViewer }: MemberMenuProps) {
  const client = useClient()
  const { user, role } = member
  const name = displayName(user)
  const givesRoles = isOwner(room) && mayChange(room)
  const removes = !isViewer && mayRun(room) && (role !== 'owner' || isOwner(room))
  if (isViewer && !givesRoles) return null
  return (
    <Menu
      trigger={
        <IconButton label={say('members.menu', { name })} className="-me-1 max-wide:-me-2">
          <Ellipsis size={16} aria-hidden />
        </IconButton>
      }
      side="bottom"
      align="end"
    >
      {!isViewer && (
        <MenuItem icon={<MessageCircle size={16} />} onClick={() => void goToDirect(client, [user.id])}>
          {say('direct.to', { name })}
        </MenuItem>
      )}
      {givesRoles && (
        <MenuChoice
          label={say('members.role')}
          value={role}
          choices={roles()}
          onChange={(next) => setRole(client, room.id, user.id, next)}
        />
      )}
      {removes && (
        <>
          <MenuLine />
          <MenuItem icon={<UserMinus size={16} />} danger onClick={() => void remove(client, room, member)}>
            {say('members.remove')}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}

function setRole(client: Client, roomId: number, userId: number, role: MemberRole): void {
  client.members.setRole(roomId, userId, role).catch((error: unknown) => toast(problemOf(error).text))
}

/** At once; the way back is offered instead of a question before. */
async function remove(client: Client, room: RoomView, { user, role }: Member): Promise<void> {
  try {
    await client.members.remove(room.id, user.id)
  } catch (error) {
    return toast(problemOf(error).text)
  }
  const addAgain = () => {
    addAs(client, room, user.id, role).catch((error: unknown) => toast(problemOf(error).text))
  }
  toast(say('members.removed', { name: displayName(user), room: room.title }), {
    label: say('members.undo'),
    run: addAgain,
  })
}

/** As they were, where one may give the role. */
async function addAs(client: Client, room: RoomView, userId: number, role: MemberRole): Promise<void> {
  await client.members.add(room.id, userId)
  if (role !== 'member' && isOwner(room)) await client.members.setRole(room.id, userId, role)
}
