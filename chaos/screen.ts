import type { Observable, Timeline } from '@grandchat/client'
import type { History, Shown } from './history.ts'
import type { Identity } from './traffic.ts'

/** Watches what a client shows of one room and writes down every change, until it is closed. */
export class Screen {
  readonly room: number
  #history: History
  #who: Identity
  #timeline: Observable<Timeline>
  #unsubscribe: () => void
  #shown: readonly Shown[] = []
  #status = ''
  #pending = ''

  constructor(history: History, who: Identity, room: number, timeline: Observable<Timeline>) {
    this.room = room
    this.#history = history
    this.#who = who
    this.#timeline = timeline
    this.#unsubscribe = timeline.subscribe(() => this.#look())
    this.#look()
  }

  /** What is shown now, as the last word. */
  final() {
    const { status, hasOlder, messages, pending } = this.#timeline.get()
    const ids = messages.map(({ id }) => id)
    return { ...this.#who, f: 'final', room: this.room, status, hasOlder, ids, pending: pending.map(present) } as const
  }

  close(): void {
    this.#unsubscribe()
    this.#show('closed', [])
  }

  #look(): void {
    const { status, messages, pending } = this.#timeline.get()
    this.#show(status, messages.map(toShown))
    const keys = pending.map(present)
    const text = JSON.stringify(keys)
    if (text === this.#pending) return
    this.#pending = text
    this.#history.add({ ...this.#who, f: 'pending', room: this.room, keys })
  }

  #show(status: string, rows: readonly Shown[]): void {
    const old = this.#shown
    let at = 0
    while (at < old.length && at < rows.length && isSame(old[at]!, rows[at]!)) at++
    let same = 0
    while (same < Math.min(old.length, rows.length) - at && isSame(old.at(-1 - same)!, rows.at(-1 - same)!)) same++
    const remove = old.length - at - same
    const add = rows.slice(at, rows.length - same)
    if (remove === 0 && add.length === 0 && status === this.#status) return
    this.#status = status
    this.#shown = rows
    this.#history.add({ ...this.#who, f: 'show', room: this.room, status, at, remove, add })
  }
}

const present = ({ client_message_id, state }: Timeline['pending'][number]) => ({ key: client_message_id, state })
const isSame = (a: Shown, b: Shown) => a.id === b.id && a.text === b.text

function toShown({ id, client_message_id, content }: Timeline['messages'][number]): Shown {
  return { id, key: client_message_id, text: content }
}
