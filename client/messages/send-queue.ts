import type { MessageAdded, MessageRow } from '@grandchat/contracts/messages/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { PendingMessage } from '../client.ts'
import type { Environment } from '../environment.ts'
import { createSender } from '../sender.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { ClientStorage, OutgoingMessage } from '../storage/storage.ts'
import type { Attempt } from '../storage/attempt.ts'
import type { Seat, TabNews } from '../storage/tabs.ts'
import { createTimer } from '../timer.ts'
import { timeOf, toContent } from './text.ts'
import { type Item, type Line, createItem, createLine, followStore, isLost, nextOf, present } from './line.ts'

export type SendQueueSetup = {
  environment: Environment
  /** Does something with the store. */
  did: Attempt
  storage: ClientStorage
  post: (message: OutgoingMessage, signal: AbortSignal) => Promise<MessageAdded>
  /** The server has the message. */
  onSent: (message: MessageAdded) => void
  /** Another tab has seen this message of the author's in its room. */
  onSeen: (row: MessageRow) => void
  onChange: (roomId: number) => void
  /** The author signed out in another tab. */
  onForgotten: () => void
}

export type SendQueue = ReturnType<typeof createSendQueue>

/** How a message is known to have arrived. */
type Found = { sent?: MessageAdded; seen?: MessageRow }

const nothing: readonly PendingMessage[] = []
const idOf = ({ message }: Item) => message.client_message_id

/**
 * Messages on their way. What is written is stored, then sent by the tab that has the turn; what the store does not take
 * is sent by its own tab from memory. Nothing is taken out on a mere guess: a message that is sent twice is there once.
 */
export function createSendQueue(setup: SendQueueSetup) {
  const { environment, did, storage, post, onSent, onSeen, onChange, onForgotten } = setup
  const lines = new Map<number, Line>()
  /** Who is signed in; nobody's messages leave in another's name. */
  let author: User | undefined
  let seat: Seat | undefined
  let hasTurn = false
  /** What was decided while the store was being read: what was read of it is out of date. */
  let decidedMeanwhile: Set<string> | undefined
  /** Messages are stored one after another: the store must not have a later one without those before it. */
  let storing = Promise.resolve()
  const refresh = createSingleFlight(readStore)
  const sender = createSender({
    environment,
    post: ({ message }: Item, signal) => post(message, signal),
    nextOf: (line: Line) => nextOf(line, author?.id, hasTurn),
    onState: (item) => changed(item.message.room_id),
    onSent(item, answer) {
      if (author?.id === item.message.user_id) onSent(answer)
      remove(item, { sent: answer })
    },
    onRefused: storeFailure,
  })

  function lineOf(roomId: number): Line {
    const known = lines.get(roomId)
    if (known) return known
    const line: Line = createLine(createTimer(environment, () => void sender.work(line)))
    lines.set(roomId, line)
    return line
  }

  function changed(roomId: number) {
    const line = lines.get(roomId)
    if (line) line.view = undefined
    onChange(roomId)
  }

  function find(roomId: number, clientMessageId: string): Item | undefined {
    return lines.get(roomId)?.items.find((item) => idOf(item) === clientMessageId)
  }

  async function storeThenTell(task: Promise<unknown>, news: TabNews): Promise<void> {
    if (await did(task)) seat?.tell(news)
  }

  function add(message: OutgoingMessage, kept: Item['kept']): Item {
    const item = createItem(message, kept)
    lineOf(message.room_id).items.push(item)
    changed(message.room_id)
    return item
  }

  function keep(item: Item) {
    item.kept = 'storing'
    storing = storing.then(() => store(item)).catch(environment.report)
  }

  async function store(item: Item): Promise<void> {
    const { room_id } = item.message
    const line = lineOf(room_id)
    const { items } = line
    if (!items.includes(item)) return
    const isFirst = !items
      .slice(0, items.indexOf(item))
      .some(({ kept, state }) => kept === 'memory' && state !== 'failed')
    const isStored = isFirst && (await did(storage.outgoing.add(item.message)))
    // Taken out meanwhile, on the word of another tab that knew nothing of this.
    if (isStored && !items.includes(item)) return unstore(item)
    item.kept = isStored ? 'store' : 'memory'
    if (isStored) seat?.tell({ type: 'changed' })
    changed(room_id)
    void sender.work(line)
  }

  function drop(item: Item): boolean {
    const { room_id, client_message_id } = item.message
    decidedMeanwhile?.add(client_message_id)
    const line = lines.get(room_id)
    const at = line?.items.indexOf(item) ?? -1
    if (at < 0) return false
    line?.items.splice(at, 1)
    item.abort?.abort()
    changed(room_id)
    return true
  }

  function remove(item: Item, found: Found = {}) {
    if (drop(item)) unstore(item, found)
  }

  function unstore({ message: { room_id, client_message_id } }: Item, found: Found = {}) {
    decidedMeanwhile?.add(client_message_id)
    const news = { type: 'removed', room_id, client_message_id, ...found } as const
    void storeThenTell(storage.outgoing.remove(client_message_id), news)
  }

  function storeFailure({ message, failure }: Item) {
    decidedMeanwhile?.add(message.client_message_id)
    void storeThenTell(storage.outgoing.setFailure(message.client_message_id, failure), { type: 'changed' })
  }

  /** What closed tabs left behind and others have written, in the order of writing. */
  async function readStore(): Promise<void> {
    const user = author
    if (!user) return
    const decided = new Set<string>()
    decidedMeanwhile = decided
    let stored: readonly OutgoingMessage[] = []
    const isRead = await did(storage.outgoing.list(user.id).then((messages) => (stored = messages)))
    decidedMeanwhile = undefined
    if (!isRead || author !== user) return
    const known = new Map([...lines.values()].flatMap(({ items }) => items.map((item) => [idOf(item), item])))
    for (const message of stored) {
      const id = message.client_message_id
      if (!decided.has(id)) merge(message, known.get(id))
    }
    const places = new Map(stored.map((message, place) => [message.client_message_id, place]))
    for (const [roomId, line] of lines) arrange(roomId, line, places)
  }

  function arrange(roomId: number, line: Line, places: ReadonlyMap<string, number>) {
    const placeOf = (item: Item) => places.get(idOf(item))
    line.items.sort((a, b) => (placeOf(a) ?? places.size) - (placeOf(b) ?? places.size))
    for (const item of line.items) {
      if (item.message.user_id !== author?.id || item.state !== 'waiting') continue
      if (item.kept === 'memory' || isLost(item, placeOf(item) === undefined, environment.now())) keep(item)
    }
    changed(roomId)
    void sender.work(line)
  }

  const merge = (message: OutgoingMessage, item = add(message, 'store')) => followStore(item, message)

  function forgetAll() {
    for (const { items } of lines.values()) {
      for (const item of Array.from(items)) if (item.message.user_id === author?.id) drop(item)
    }
  }

  function pending(roomId: number): readonly PendingMessage[] {
    const line = lines.get(roomId)
    if (!line || !author || line.items.length === 0) return nothing
    const user = author
    line.view ??= line.items.filter(({ message }) => message.user_id === user.id).map((item) => present(item, user))
    return line.view
  }

  function wake() {
    for (const line of lines.values()) void sender.hurry(line)
    // A tab may have died between storing and telling.
    void refresh()
  }

  const onNews: { [T in TabNews['type']]: (news: Extract<TabNews, { type: T }>) => void } = {
    changed: () => void refresh(),
    removed({ room_id, client_message_id, sent, seen }) {
      decidedMeanwhile?.add(client_message_id)
      const item = find(room_id, client_message_id)
      // Before it is no longer pending: it must not vanish in between.
      if (sent && author) onSent(sent)
      if (seen && author) onSeen(seen)
      // Discarded over there while this tab was sending it: the answer tells what became of it.
      if (item && (sent || seen || item.state !== 'sending')) drop(item)
      void sender.work(lineOf(room_id))
    },
    forgotten() {
      forgetAll()
      onForgotten()
    },
  }

  return {
    pending,

    /** All of the author's, room by room. */
    unsent: (): readonly PendingMessage[] => [...lines.keys()].flatMap(pending),

    /** Throws RangeError on what cannot be sent. */
    send(roomId: number, text: string, more: Pick<OutgoingMessage, 'reply_to' | 'thread_id' | 'forward'> = {}): string {
      if (!author) throw new RangeError('nobody is signed in')
      const message: OutgoingMessage = {
        client_message_id: environment.uuid(),
        user_id: author.id,
        room_id: roomId,
        content: toContent(text),
        created_at: timeOf(environment.now()),
        ...more,
      }
      keep(add(message, 'storing'))
      if (!hasTurn) seat?.takeTurn()
      return message.client_message_id
    },

    retry(roomId: number, clientMessageId: string) {
      const item = find(roomId, clientMessageId)
      if (!item || item.state === 'sending') return
      item.state = 'waiting'
      item.failure = undefined
      storeFailure(item)
      changed(roomId)
      void sender.hurry(lineOf(roomId))
      if (!hasTurn) seat?.takeTurn()
    },

    discard(roomId: number, clientMessageId: string) {
      const item = find(roomId, clientMessageId)
      if (item && item.state !== 'sending') remove(item)
    },

    /** The message was seen in the room: no answer is needed any more. */
    confirm(row: MessageRow) {
      const item = row.client_message_id === null ? undefined : find(row.room_id, row.client_message_id)
      if (item) remove(item, { seen: row })
    },

    /** Requests may go through again: what waits need not wait for its turn, unless the server asked for it. */
    wake,

    /** The tab is being looked at: what waits anywhere in this browser is sent from here. */
    takeTurn() {
      seat?.takeTurn()
      wake()
    },

    start(user: User) {
      author = user
      for (const roomId of lines.keys()) changed(roomId)
      seat = storage.tabs.join<TabNews>(
        user.id,
        {
          onTurn(next) {
            hasTurn = next
            void refresh()
          },
          onNews(news) {
            if (Object.hasOwn(onNews, news.type)) (onNews[news.type] as (news: TabNews) => void)(news)
          },
        },
        'queue',
      )
      wake()
    },

    /** Nobody is signed in: messages wait for their author to come back, in the store if it has them. */
    stop() {
      seat?.leave()
      seat = undefined
      hasTurn = false
      author = undefined
      for (const [roomId, line] of lines) {
        line.retry.cancel()
        for (const item of Array.from(line.items)) {
          item.abort?.abort()
          if (item.kept === 'store') line.items.splice(line.items.indexOf(item), 1)
        }
        changed(roomId)
      }
    },

    /** The author signs out, and leaves nothing behind on this device. */
    forget() {
      if (!author) return
      forgetAll()
      void did(storage.outgoing.clear(author.id))
      seat?.tell({ type: 'forgotten' })
    },
  }
}
