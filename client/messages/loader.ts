import type { HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import type { Changes, RoomChanges } from '@grandchat/contracts/sync/schema'
import type { Environment } from '../environment.ts'
import { isNotFound } from '../rest/request-error.ts'
import type { CachedWindow } from '../storage/cache-storage.ts'
import type { OpenOutcome, Pane } from './pane.ts'
import type { HistoryQuery } from './requests.ts'
import type { Rows } from './run.ts'
import {
  hasNewer,
  hasOlder,
  lowSeq,
  mergeNewer,
  mergeOlder,
  mergeRepair,
  startWith,
  startWithKept,
  unload,
} from './window.ts'

const firstPage = 50
const nextPage = 100

export type LoaderSetup = {
  environment: Environment
  history: (roomId: number, query: HistoryQuery) => Promise<HistoryPage>
  changes: (roomId: number, query: { since: number; low: number }) => Promise<Changes>
  /** What an earlier client knew of the room; undefined where nothing is kept. */
  kept: (roomId: number) => CachedWindow | Promise<CachedWindow | undefined> | undefined
  /** A room of which the viewer was thought to be a member is not there for them. */
  onRefused: () => void
  /** The server stands again where it stood before: a copy of its data was put back. */
  onRewound: () => void
  /** How long to wait in this room for what may be on its way. */
  moment: (roomId: number) => number
  /** A page's rows. */
  onPage: (rows: readonly MessageRow[]) => void
  /** What a repair of messages from `lowSeq` on brought, in one of its parts. */
  onRepair: (changes: RoomChanges, lowSeq: number) => void
}

/** The pane is still that of its room: else what was asked for it is of no use. */
type IsCurrent = (pane: Pane) => boolean
type IsBehind = (pane: Pane) => boolean

/** Fetches what windows need. Every task runs in its room's lane. */
export function createLoader(setup: LoaderSetup, isCurrent: IsCurrent, isBehind: IsBehind) {
  const { environment } = setup

  function fail(pane: Pane, error: unknown) {
    pane.failures++
    if (isNotFound(error)) setup.onRefused()
    pane.hasFailed = !pane.window.isLoaded
  }

  /** What was heard of is not there. One such answer may be an old one. */
  function contradicted(pane: Pane) {
    pane.failures++
    if (pane.failures > 2) setup.onRewound()
  }

  function begin(pane: Pane, page: HistoryPage, target: number | null) {
    startWith(pane.window, page)
    setup.onPage(page.results)
    Object.assign(pane, { target, hasFailed: false, hasOlderFailed: false, hasNewerFailed: false })
  }

  async function loadNewest(pane: Pane): Promise<void> {
    const page = await setup.history(pane.window.key, { limit: firstPage })
    if (isCurrent(pane)) begin(pane, page, null)
  }

  /** The window becomes the messages around this one, if it is there. */
  async function loadAround(pane: Pane, messageId: number): Promise<OpenOutcome> {
    try {
      const page = await setup.history(pane.window.key, { around: messageId, limit: firstPage })
      const row = page.results.find(({ id }) => id === messageId)
      if (!row || row.deleted_at !== null || !isCurrent(pane)) return 'gone'
      begin(pane, page, messageId)
      return 'shown'
    } catch (error) {
      return isNotFound(error) ? 'gone' : 'failed'
    }
  }

  /** What is on screen is too far behind to be repaired. */
  async function beginAgain(pane: Pane): Promise<void> {
    const { target } = pane
    const isAtTarget = target !== null && hasNewer(pane.window)
    unload(pane.window)
    if (isAtTarget && (await loadAround(pane, target)) === 'shown') return
    if (isCurrent(pane)) await loadNewest(pane)
  }

  /** Asks for changes until all are there, and shows them at once: pages in between are no state of the room. */
  async function repair(pane: Pane): Promise<void> {
    const { window } = pane
    let rows: Rows = { messages: [], reactions: [], pins: [], threads: [] }
    for (let since = window.version; ;) {
      const answer = await setup.changes(window.key, { since, low: window.low })
      if (!isCurrent(pane)) return
      if ('reset' in answer) return beginAgain(pane)
      rows = join(rows, answer)
      if (!answer.more) mergeRepair(window, rows, answer.to)
      setup.onRepair(answer, lowSeq(window))
      if (!answer.more) return
      if (answer.to <= since) throw new Error('an answer with more to come leads nowhere')
      since = answer.to
    }
  }

  /** Puts an older page in front, or a newer one behind. Returns whether that failed. */
  async function extend(pane: Pane, side: 'older' | 'newer'): Promise<boolean> {
    try {
      let outcome = await tryExtend(pane, side)
      if (outcome !== 'done') {
        await new Promise<void>((resolve) => environment.after(setup.moment(pane.window.key), resolve))
        outcome = await tryExtend(pane, side)
      }
      if (outcome === 'rewound') setup.onRewound()
      return outcome !== 'done'
    } catch {
      return true
    }
  }

  /** `overtaken`: more happened since the page was read than is kept. `rewound`: it is older than what was there before. */
  async function tryExtend(pane: Pane, side: 'older' | 'newer'): Promise<'done' | 'overtaken' | 'rewound'> {
    const { window } = pane
    const isOlder = side === 'older'
    if (!isCurrent(pane) || !(isOlder ? hasOlder(window) : hasNewer(window))) return 'done'
    const { version } = window
    const from = isOlder ? { before: window.low } : { after: window.high }
    const page = await setup.history(window.key, { ...from, limit: nextPage })
    if (!isCurrent(pane)) return 'done'
    const isMerged = isOlder ? mergeOlder(window, page) : mergeNewer(window, page)
    if (!isMerged) return page.version < version ? 'rewound' : 'overtaken'
    setup.onPage(page.results)
    return 'done'
  }

  return {
    loadNewest,
    loadAround,
    extend,

    /** Loads the window, or what has changed since. */
    async bringUpToDate(pane: Pane): Promise<void> {
      const { version } = pane.window
      try {
        await (pane.window.isLoaded ? repair(pane) : loadNewest(pane))
        if (isCurrent(pane) && isBehind(pane) && pane.window.version <= version) contradicted(pane)
        else pane.failures = 0
      } catch (error) {
        if (isCurrent(pane)) fail(pane, error)
      }
    },

    /** Begins with what an earlier client knew. */
    restore(pane: Pane, kept: CachedWindow | undefined): void {
      if (kept && isCurrent(pane) && !pane.window.isLoaded) startWithKept(pane.window, kept)
    },
  }
}

function join(rows: Rows, more: Rows): Rows {
  return {
    messages: [...rows.messages, ...more.messages],
    reactions: [...rows.reactions, ...more.reactions],
    pins: [...rows.pins, ...more.pins],
    threads: [...rows.threads, ...more.threads],
    members: [...(rows.members ?? []), ...(more.members ?? [])],
  }
}
