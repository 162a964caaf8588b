import type { User } from '@grandchat/contracts/users/schema'

const names: [username: string, displayName: string | null][] = [
  ['maya', 'Maya Okafor'],
  ['jonas', 'Jonas Lindqvist'],
  ['priya', 'Priya Raman'],
  ['tomasz', 'Tomasz Wójcik'],
  ['elena', 'Elena Petrova'],
  ['sam', null],
  ['yusuf', 'Yusuf Demir'],
  ['noa', 'נועה לוי'],
  ['hana', '佐藤 花'],
  ['bartholomew', 'Bartholomew Featherstonehaugh-Cholmondeley III'],
]

export const people: readonly User[] = names.map(([username, display_name], i) => ({
  id: i + 1,
  username,
  display_name,
}))

export function person(username: string): User {
  const found = people.find((user) => user.username === username)
  if (!found) throw new Error(`Nobody is called ${username}`)
  return found
}
