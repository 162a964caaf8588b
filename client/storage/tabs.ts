import type { MessageAdded, MessageRow } from '@grandchat/contracts/messages/schema'

/** What one tab tells the others of its user. Tabs may run different versions: what is not known is ignored. */
export type TabNews =
  /** A message was stored, refused or is tried again: the store tells more. */
  | { type: 'changed' }
  /** A message was sent (then with the answer), was seen in its room (then with its row), or was discarded. */
  | { type: 'removed'; room_id: number; client_message_id: string; sent?: MessageAdded; seen?: MessageRow }
  /** The user signed out and left nothing behind. */
  | { type: 'forgotten' }

export type TabListener<News = TabNews> = {
  /** Whether this tab is the one that sends what is stored. Called on joining, and whenever it may look again. */
  onTurn: (hasTurn: boolean) => void
  onNews: (news: News) => void
}

export type Seat<News = TabNews> = {
  /** This tab is in use: it sends from now on, whichever did before; that one may be asleep. */
  takeTurn: () => void
  tell: (news: News) => void
  leave: () => void
}

/** What is stored: messages, or actions. Each has a turn and news of its own. */
export type Topic = 'queue' | 'actions'

/** The tabs of one browser that are open for one user. One of them at a time sends what is stored. */
export type Tabs = {
  join: <News extends { type: string }>(userId: number, listener: TabListener<News>, topic: Topic) => Seat<News>
}

export function createLoneTab(): Tabs {
  return {
    join(_userId, { onTurn }) {
      onTurn(true)
      return { takeTurn() {}, tell() {}, leave() {} }
    },
  }
}

export type TabsSurroundings = {
  /** Undefined on plain HTTP: every tab then sends what it finds stored, and the server knows repeats by their key. */
  locks: LockManager | undefined
  BroadcastChannel: typeof BroadcastChannel | undefined
  /** Begins the names of locks and channels, which all of an origin share. */
  name: string
}

export function createTabs(surroundings: Partial<TabsSurroundings> = {}): Tabs {
  const { locks, BroadcastChannel, name } = {
    locks: globalThis.navigator?.locks,
    BroadcastChannel: globalThis.BroadcastChannel,
    name: 'grandchat',
    ...surroundings,
  }
  if (!BroadcastChannel) return createLoneTab()
  return {
    join<News extends { type: string }>(userId: number, { onTurn, onNews }: TabListener<News>, topic: Topic) {
      const place = `${name}:${topic}:${userId}`
      const channel = new BroadcastChannel(place)
      channel.addEventListener('message', ({ data }: MessageEvent<News>) => onNews(data))
      const turn = locks ? holdInTurn(locks, place, onTurn) : holdTogether(onTurn)
      return {
        takeTurn: turn.take,
        tell(news: News) {
          // Where all send, nobody needs to hear of what another tab has begun.
          if (locks || news.type !== 'changed') channel.postMessage(news)
        },
        leave() {
          turn.leave()
          channel.close()
        },
      }
    },
  }
}

function holdTogether(onTurn: (hasTurn: boolean) => void) {
  onTurn(true)
  return { take: () => onTurn(true), leave() {} }
}

/** A lock that passes to the next when its tab is closed or crashes, and that a tab in use may take. */
function holdInTurn(locks: LockManager, name: string, onTurn: (hasTurn: boolean) => void) {
  let hasTurn = false
  let endRequest = () => {}

  function set(next: boolean) {
    hasTurn = next
    onTurn(next)
  }

  /** Asks for the lock: in line, or at once. */
  function ask(steal: boolean) {
    endRequest()
    let isOver = false
    const waiting = new AbortController()
    let release = () => {}
    endRequest = () => {
      isOver = true
      waiting.abort()
      release()
    }
    const hold = () => {
      if (isOver) return undefined
      set(true)
      return new Promise<void>((resolve) => (release = resolve))
    }
    const lost = (error: unknown) => {
      if (isOver) return
      // No locks for this page, for whatever reason.
      if (!(error instanceof DOMException && error.name === 'AbortError')) return set(true)
      if (hasTurn) set(false)
      ask(false)
    }
    // A lock that is taken cannot be waited for, and the other way round.
    locks.request(name, steal ? { steal } : { signal: waiting.signal }, hold).catch(lost)
  }

  onTurn(false)
  ask(false)
  return {
    take() {
      if (!hasTurn) ask(true)
    },
    leave() {
      hasTurn = false
      endRequest()
    },
  }
}
