import type { User } from '@grandchat/contracts/users/schema'

export function displayName(user: Pick<User, 'username' | 'display_name'>): string {
  const name = user.display_name?.trim()
  return name === undefined || name === '' ? user.username : name
}
