import type { HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import type { Changes, RoomChanges } from '@grandchat/contracts/sync/schema'
import type { Environment } from '../environment.ts'
import { isNotFound } from '../rest/request-error.ts'
import type { CachedWindow } from '../storage/cache-storage.ts'
import type { Pane } from './pane.ts'
import { hasOlder, mergePage, mergeRepair, startWith, startWithKept, unload } from './window.ts'

const firstPage = 50
const olderPage = 100

export type LoaderSetup = {
  environment: Environment
  history: (roomId: number, query: { before?: number; limit: number }) => Promise<HistoryPage>
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
  /** What a repair brought, in one of its parts. */
  onRepair: (changes: RoomChanges) => void
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

  async function loadNewest(pane: Pane): Promise<void> {
    const { window } = pane
    const page = await setup.history(window.roomId, { limit: firstPage })
    if (!isCurrent(pane)) return
    startWith(window, page)
    setup.onPage(page.results)
    pane.hasFailed = false
  }

  /** Asks for changes until all are there, and shows them at once: pages in between are no state of the room. */
  async function repair(pane: Pane): Promise<void> {
    const { window } = pane
    const rows: MessageRow[] = []
    for (let since = window.version; ;) {
      const answer = await setup.changes(window.roomId, { since, low: window.low })
      if (!isCurrent(pane)) return
      if ('reset' in answer) {
        unload(window)
        return loadNewest(pane)
      }
      rows.push(...answer.messages)
      if (!answer.more) mergeRepair(window, rows, answer.to)
      setup.onRepair(answer)
      if (!answer.more) return
      if (answer.to <= since) throw new Error('an answer with more to come leads nowhere')
      since = answer.to
    }
  }

  /** Puts an older page in front. */
  async function loadOlder(pane: Pane): Promise<void> {
    try {
      let outcome = await tryOlder(pane)
      if (outcome !== 'done') {
        await new Promise<void>((resolve) => environment.after(setup.moment(pane.window.roomId), resolve))
        outcome = await tryOlder(pane)
      }
      pane.hasOlderFailed = outcome !== 'done'
      if (outcome === 'rewound') setup.onRewound()
    } catch {
      pane.hasOlderFailed = true
    }
  }

  /** `overtaken`: more happened since the page was read than is kept. `rewound`: it is older than what was there before. */
  async function tryOlder(pane: Pane): Promise<'done' | 'overtaken' | 'rewound'> {
    const { window } = pane
    if (!isCurrent(pane) || !hasOlder(window)) return 'done'
    const { version } = window
    const page = await setup.history(window.roomId, { before: window.low, limit: olderPage })
    if (!isCurrent(pane)) return 'done'
    if (!mergePage(window, page)) return page.version < version ? 'rewound' : 'overtaken'
    setup.onPage(page.results)
    return 'done'
  }

  return {
    loadOlder,

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
