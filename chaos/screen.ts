import type { Observable, Timeline } from '@grandchat/client'
import { type History, type Shown, stateOf } from './history.ts'
import type { Identity } from './traffic.ts'

/** The room's own timeline, or that of one of its threads. */
export type Place = { room: number; thread?: number }

/** Watches what a client shows of one room or thread and writes down every change, until it is closed. */
export class Screen {
  readonly place: Place
  #history: History
  #who: Identity
  #timeline: Observable<Timeline>
  #unsubscribe: () => void
  #shown: readonly Shown[] = []
  #status = ''
  #pending = ''

  constructor(history: History, who: Identity, place: Place, timeline: Observable<Timeline>) {
    this.place = place
    this.#history = history
    this.#who = who
    this.#timeline = timeline
    this.#unsubscribe = timeline.subscribe(() => this.#look())
    this.#look()
  }

  get messages(): Timeline['messages'] {
    return this.#timeline.get().messages
  }

  /** What is shown now, as the last word. */
  final() {
    const { status, hasOlder, messages, pending } = this.#timeline.get()
    const ids = messages.map(({ id }) => id)
    const views = messages.map(toView)
    return {
      ...this.#who,
      f: 'final',
      ...this.place,
      status,
      hasOlder,
      ids,
      views,
      pending: pending.map(present),
    } as const
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
    this.#history.add({ ...this.#who, f: 'pending', ...this.place, keys })
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
    this.#history.add({ ...this.#who, f: 'show', ...this.place, status, at, remove, add })
  }
}

const present = ({ client_message_id, state }: Timeline['pending'][number]) => ({ key: client_message_id, state })
const isSame = (a: Shown, b: Shown) => a.id === b.id && a.text === b.text

function toShown({ id, client_message_id, content }: Timeline['messages'][number]): Shown {
  return { id, key: client_message_id, text: content }
}

function toView({ content, edited_at, deleted_at, reactions, isPinned, thread }: Timeline['messages'][number]) {
  const state = stateOf({
    isEdited: edited_at !== null,
    isDeleted: deleted_at !== null,
    reactions: reactions.map(({ emoji, user_ids }) => ({ emoji, users: user_ids })),
    isPinned,
    thread: thread && { seq: thread.last_seq, count: thread.message_count },
  })
  return { text: content, state }
}
