import type { Member } from '@grandchat/contracts/memberships/schema'
import { displayName } from '../users/names.ts'

const rank = { owner: 0, admin: 1, member: 2 }
const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })

/** Present members whose name holds `query`: those with a duty first, then by name. */
export function sortMembers(members: readonly Member[], query = ''): Member[] {
  const wanted = query.trim().toLowerCase()
  return members
    .filter((member) => member.left_at === null && matches(member, wanted))
    .sort((a, b) => rank[a.role] - rank[b.role] || collator.compare(displayName(a.user), displayName(b.user)))
}

function matches({ user }: Member, wanted: string): boolean {
  return displayName(user).toLowerCase().includes(wanted) || user.username.toLowerCase().includes(wanted)
}
