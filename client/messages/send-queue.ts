import { checkContent } from '@grandchat/contracts/messages/content'
import type { MessageAdded } from '@grandchat/contracts/messages/schema'
import type { User } from '@grandchat/contracts/users/schema'
import { backoff } from '../backoff.ts'
import type { PendingMessage, SendFailure } from '../client.ts'
import type { Environment } from '../environment.ts'
import { RequestError, isSignedOut, isTemporary } from '../rest/request-error.ts'
import type { ClientStorage, OutgoingMessage } from '../storage/storage.ts'
import { type Timer, createTimer } from '../timer.ts'

/** One message on its way. */
type Item = {
  readonly message: OutgoingMessage
  state: PendingMessage['state']
  failure: SendFailure | undefined
  /** Ends the request under way when the message is known to have arrived without it. */
  abort: AbortController | undefined
}

/** A room's messages leave one after another, in the order in which they were written. */
type Line = {
  readonly items: Item[]
  isSending: boolean
  failures: number
  /** Not before this time; the server itself asked to wait until `askedUntil`. */
  notBefore: number
  askedUntil: number
  readonly retry: Timer
  view: readonly PendingMessage[] | undefined
}

export type SendQueueSetup = {
  environment: Environment
  storage: ClientStorage
  post: (message: OutgoingMessage, signal: AbortSignal) => Promise<MessageAdded>
  /** The server has the message. */
  onSent: (message: MessageAdded) => void
  onChange: (roomId: number) => void
}

export type SendQueue = ReturnType<typeof createSendQueue>

const nothing: readonly PendingMessage[] = []

export function createSendQueue({ environment, storage, post, onSent, onChange }: SendQueueSetup) {
  const lines = new Map<number, Line>()
  /** Who is signed in; nobody's messages leave in another's name. */
  let author: User | undefined

  function lineOf(roomId: number): Line {
    const known = lines.get(roomId)
    if (known) return known
    const line: Line = {
      items: [],
      isSending: false,
      failures: 0,
      notBefore: 0,
      askedUntil: 0,
      retry: createTimer(environment, () => void work(roomId)),
      view: undefined,
    }
    lines.set(roomId, line)
    return line
  }

  function changed(roomId: number) {
    const line = lines.get(roomId)
    if (line) line.view = undefined
    onChange(roomId)
  }

  function find(roomId: number, clientMessageId: string): Item | undefined {
    return lines.get(roomId)?.items.find(({ message }) => message.client_message_id === clientMessageId)
  }

  function remove(item: Item) {
    const { room_id, client_message_id } = item.message
    const line = lines.get(room_id)
    const at = line?.items.indexOf(item) ?? -1
    if (at < 0) return
    line?.items.splice(at, 1)
    item.abort?.abort()
    storage.outgoing.remove(client_message_id).catch(environment.report)
    changed(room_id)
  }

  const nextOf = (line: Line) =>
    line.items.find(({ message, state }) => state !== 'failed' && message.user_id === author?.id)

  /** Sends what waits in a room until something must wait. */
  async function work(roomId: number): Promise<void> {
    const line = lineOf(roomId)
    if (line.isSending) return
    line.isSending = true
    line.retry.cancel()
    try {
      for (let item = nextOf(line); item && isAllowed(line); item = nextOf(line)) await sendOne(line, item)
    } finally {
      line.isSending = false
    }
  }

  function isAllowed(line: Line): boolean {
    const wait = line.notBefore - environment.now()
    if (wait > 0) line.retry.reset(wait)
    return wait <= 0
  }

  async function sendOne(line: Line, item: Item): Promise<void> {
    const sender = author
    const abort = new AbortController()
    item.state = 'sending'
    item.abort = abort
    changed(item.message.room_id)
    try {
      const message = await post(item.message, abort.signal)
      line.failures = 0
      if (author === sender) onSent(message)
      remove(item)
    } catch (error) {
      // Confirmed and taken out meanwhile: nothing was refused.
      if (line.items.includes(item)) refused(line, item, error)
    } finally {
      item.abort = undefined
    }
  }

  /** A definite answer ends it. Anything else may yet have arrived or may arrive later: the same message goes again. */
  function refused(line: Line, item: Item, error: unknown) {
    const answer = error instanceof RequestError ? error : undefined
    item.failure = { code: answer?.code ?? 'network', message: answer?.detail ?? String(error) }
    item.state = answer && !isSignedOut(answer) && !isTemporary(answer) ? 'failed' : 'waiting'
    if (item.state === 'waiting') postpone(line, answer?.retryAfterSeconds ?? 0)
    changed(item.message.room_id)
  }

  function postpone(line: Line, askedSeconds: number) {
    line.failures++
    const wait = backoff(environment, line.failures)
    // What the server asked for is spread a little, or everybody comes back at once.
    const asked = askedSeconds > 0 ? askedSeconds * 1_000 + environment.random() * 500 : 0
    line.askedUntil = environment.now() + asked
    line.notBefore = environment.now() + Math.max(asked, wait)
  }

  function add(message: OutgoingMessage) {
    lineOf(message.room_id).items.push({ message, state: 'waiting', failure: undefined, abort: undefined })
    changed(message.room_id)
  }

  /** Tries again without the rest of the backoff. */
  function hurry(roomId: number, line: Line) {
    line.notBefore = line.askedUntil
    if (nextOf(line)) void work(roomId)
  }

  return {
    pending(roomId: number): readonly PendingMessage[] {
      const line = lines.get(roomId)
      if (!line || !author || line.items.length === 0) return nothing
      const user = author
      line.view ??= line.items.filter(({ message }) => message.user_id === user.id).map((item) => present(item, user))
      return line.view
    },

    send(roomId: number, text: string): string {
      const checked = checkContent(text)
      if ('problem' in checked) throw new RangeError(`the message ${checked.problem}`)
      if (!author) throw new RangeError('nobody is signed in')
      const message: OutgoingMessage = {
        client_message_id: environment.uuid(),
        user_id: author.id,
        room_id: roomId,
        content: checked.content,
        created_at: new Date(environment.now()).toISOString().replace('Z', '000Z'),
      }
      add(message)
      // Kept first, then sent; a store that fails must not keep the message from leaving.
      storage.outgoing
        .put(message)
        .catch(environment.report)
        .then(() => work(roomId))
        .catch(environment.report)
      return message.client_message_id
    },

    retry(roomId: number, clientMessageId: string) {
      const item = find(roomId, clientMessageId)
      if (!item || item.state === 'sending') return
      item.state = 'waiting'
      item.failure = undefined
      changed(roomId)
      hurry(roomId, lineOf(roomId))
    },

    discard(roomId: number, clientMessageId: string) {
      const item = find(roomId, clientMessageId)
      if (item && item.state !== 'sending') remove(item)
    },

    /** The message was seen in the room: no answer is needed any more. */
    confirm(roomId: number, clientMessageId: string) {
      const item = find(roomId, clientMessageId)
      if (item) remove(item)
    },

    /** Requests may go through again: what waits need not wait for its turn, unless the server asked for it. */
    wake() {
      for (const [roomId, line] of lines) hurry(roomId, line)
    },

    async start(user: User): Promise<void> {
      author = user
      const kept = await storage.outgoing.list(user.id).catch((error: unknown) => {
        environment.report(error)
        return []
      })
      for (const message of kept) if (!find(message.room_id, message.client_message_id)) add(message)
      if (author !== user) return
      for (const [roomId, line] of lines) {
        changed(roomId)
        hurry(roomId, line)
      }
    },

    /** Nobody is signed in: messages wait for their author to come back. */
    stop() {
      author = undefined
      for (const [roomId, line] of lines) {
        line.retry.cancel()
        for (const item of line.items) item.abort?.abort()
        changed(roomId)
      }
    },
  }
}

function present({ message, state, failure }: Item, user: User): PendingMessage {
  const { user_id: _, ...written } = message
  return { ...written, user, state, ...(state !== 'sending' && failure ? { failure } : {}) }
}
