import { limits } from '@grandchat/contracts/limits'
import type { Entry, Row } from '../history.ts'
import type { Offence } from './check.ts'
import type { Ledger } from './ledger.ts'

/** Who is mentioned is who the text names; and what clients count is that, above where their reader is. */
export function checkMentions(entries: readonly Entry[], ledger: Ledger): Offence[] {
  // Without what led to it nobody knows who stayed.
  const named = ledger.hasBegun ? [...ledger.rooms.keys()].flatMap((room) => checkNamed(room, ledger)) : []
  return [...named, ...entries.flatMap((entry) => (entry.f === 'list' ? checkList(entry, ledger) : []))]
}

function checkList(entry: Extract<Entry, { f: 'list' }>, ledger: Ledger): Offence[] {
  return entry.rooms.flatMap(({ room, mentions }): Offence[] => {
    const own = ledger.membership(room, entry.user)
    if (!mentions || !own?.isMember || !ledger.rooms.has(room)) return []
    const should = unreadOf(ledger.run(room).rows, entry.user, own.readSeq)
    if (mentions.join() === should.join()) return []
    const why = `${entry.proc}: unread mentions of room ${room} are [${mentions.join()}] instead of [${should.join()}]`
    return [{ kind: 'counters', why, entries: [entry] }]
  })
}

function unreadOf(rows: readonly Row[], user: number, readSeq: number): number[] {
  return rows
    .filter(({ seq, isDeleted }) => seq !== null && seq > readSeq && !isDeleted)
    .filter((row) => row.user !== user && (row.mentions?.all || row.mentions?.users.includes(user)))
    .map(({ seq }) => seq!)
    .slice(-limits.unreadMentions)
}

/** Of those who were members all the time. */
function checkNamed(room: number, ledger: Ledger): Offence[] {
  const members = [...ledger.memberships.values()].filter(
    (one) => one.room === room && one.isMember && one.name !== undefined,
  )
  const stayed = members.filter(({ user }) => !ledger.hasMoved(room, user))
  return ledger.run(room).rows.flatMap((row): Offence[] => {
    if (!row.mentions || row.key === null) return []
    const words = new Set(row.isDeleted ? [] : [...row.text.matchAll(/@(\w+)/g)].map(([, name]) => name))
    const wrong = stayed
      .filter(({ user, name }) => (words.has(name) && user !== row.user) !== row.mentions!.users.includes(user))
      .map(({ name }) => name!)
    const mayAll = members.length <= limits.mentionAllMembers
    if (mayAll && words.has('all') !== row.mentions.all) wrong.push('all')
    if (wrong.length === 0) return []
    const why = `message ${row.id} says "${row.text}" and is wrong about its mentions of ${wrong.join(', ')}`
    return [{ kind: 'counters', why, entries: [] }]
  })
}
