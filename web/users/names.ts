import type { User } from '@grandchat/contracts/users/schema'

export function displayName(user: Pick<User, 'username' | 'display_name'>): string {
  const name = user.display_name?.trim()
  return name === undefined || name === '' ? user.username : name
}

/** What a person is called where room is scarce: the first word of their name. */
export function givenName(user: Pick<User, 'username' | 'display_name'>): string {
  const name = displayName(user)
  return name.split(/\s/, 1)[0] ?? name
}
