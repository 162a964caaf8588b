import type { Client } from '@grandchat/client'
import type { History, Mark } from './history.ts'
import type { Identity } from './traffic.ts'

type Members = ReturnType<Client['receipts']['members']>

/** Watches what a client is told of how far one room has got with its members, until it is closed. */
export class MarkWatch {
  readonly close: () => void
  #members: Members
  #known = new Map<string, string>()

  constructor(history: History, who: Identity, room: number, members: Members) {
    this.#members = members
    const look = () => {
      const marks = this.#news()
      if (marks.length > 0) history.add({ ...who, f: 'marks', room, marks: Object.fromEntries(marks) })
    }
    this.close = members.subscribe(look)
    look()
  }

  /** Null while the client does not know. */
  get all(): Record<string, Mark> | null {
    const members = this.#members.get()
    return members ? Object.fromEntries(members.map((member) => [member.user.id, toMark(member)])) : null
  }

  #news(): [string, Mark][] {
    return Object.entries(this.all ?? {}).filter(([user, mark]) => {
      const text = JSON.stringify(mark)
      if (this.#known.get(user) === text) return false
      this.#known.set(user, text)
      return true
    })
  }
}

function toMark({
  delivered_seq,
  seen_seq,
  joined_at,
}: {
  delivered_seq: number
  seen_seq: number
  joined_at: string
}) {
  return { delivered: delivered_seq, seen: seen_seq, since: joined_at }
}
