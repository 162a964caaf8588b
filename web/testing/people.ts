import type { SessionRow } from '@grandchat/contracts/sessions/schema'
import type { Profile } from '@grandchat/contracts/users/profile'
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

const said: Record<string, Partial<Profile>> = {
  maya: { title: 'Product designer', pronouns: 'she/her', time_zone: 'Europe/Berlin' },
  jonas: {
    title: 'Engineer',
    time_zone: 'Asia/Tokyo',
    status: { emoji: '🗓️', text: 'In a meeting', until: null },
  },
  hana: { status: { emoji: '🌴', text: 'On holiday', until: null } },
}

/** More people than fit in a page or on a screen. */
export function crowd(count: number): User[] {
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    username: `person.${String(i + 1).padStart(5, '0')}`,
    display_name: people[i]?.display_name ?? null,
  }))
}

export function profileOf(user: User): Profile {
  return { ...user, title: '', pronouns: '', time_zone: null, status: null, ...said[user.username] }
}

export function devicesOf(timeOf: (date: Date) => string): readonly SessionRow[] {
  const before = (hours: number) => timeOf(new Date(Date.now() - hours * 3_600_000))
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const phone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'
  return [
    { id: 1, device: firefox, created_at: before(100), last_seen_at: before(0), is_current: true },
    { id: 2, device: phone, created_at: before(900), last_seen_at: before(3), is_current: false },
    { id: 3, device: null, created_at: before(2_000), last_seen_at: before(700), is_current: false },
  ]
}
