import type { Room } from '@grandchat/contracts/rooms/schema'
import type { User } from '@grandchat/contracts/users/schema'

/** What a room is called for one who looks at it: a direct room by the others in it, or, alone with oneself, by oneself. */
export function titleOf({ name, direct_users }: Pick<Room, 'name' | 'direct_users'>, viewerId?: number): string {
  if (!direct_users) return name
  const others = direct_users.filter((user) => user.id !== viewerId)
  return (others.length > 0 ? others : direct_users).map(nameOf).join(', ')
}

function nameOf({ username, display_name }: User): string {
  return display_name?.trim() || username
}
