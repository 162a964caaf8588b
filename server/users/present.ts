import type { User } from '@grandchat/contracts/users/schema'

/** A user as everyone may see them: these columns and no others, whatever the row holds. */
export function presentUser({ id, username, display_name, avatar = null }: User): User {
  return { id, username, display_name, avatar }
}
