import type { Changes } from '@grandchat/contracts/sync/schema'
import { backoff } from '../backoff.ts'
import type { RoomChange } from '../sync/change.ts'
import { type Rows, mergeRows, receiveChange } from './run.ts'
import { type Lanes } from '../sync/lanes.ts'
import { type LoaderSetup, createLoader } from './loader.ts'
import { type OpenOutcome, type Pane, createPane } from './pane.ts'
import {
  type Window,
  createWindow,
  hasNewer,
  hasOlder,
  lowSeq,
  mergeRepair,
  newestSeq,
  trim,
  unload,
} from './window.ts'

/** Windows of closed rooms that are kept to be repaired when opened again, and how much of each. */
const keptWindows = 20
const keptRows = 200
/**
 * A room on screen lets go of its oldest messages when it holds more than `maxOpenRows`, and keeps `keptOpenRows`. Where
 * the reader is cannot be known here: one who loaded older messages keeps them until the newest is marked as read, or
 * `maxUnseenRows` have come: a tab may be left like that for ever.
 */
const maxOpenRows = 1_000
const maxUnseenRows = 5_000
const keptOpenRows = 800

/** Windows are kept by the ids of what they show: rooms, unless `createWindow` makes them of something else. */
export type WindowsSetup = LoaderSetup & {
  lanes: Lanes
  createWindow?: (key: number) => Window
  /** The highest version of the room that was heard of. */
  head: (roomId: number) => number
  isMember: (roomId: number) => boolean
  /** A member, and the server has said so. */
  canLoad: (roomId: number) => boolean
  onChange: (roomId: number) => void
}

export type Windows = ReturnType<typeof createWindows>

export function createWindows(setup: WindowsSetup) {
  const { environment, lanes, onChange } = setup
  // In the order of last use, oldest first.
  const panes = new Map<number, Pane>()

  function paneOf(roomId: number): Pane {
    const known = panes.get(roomId)
    if (known) return known
    const pane = createPane(environment, setup.createWindow?.(roomId) ?? createWindow(roomId), () => attend(roomId))
    panes.set(roomId, pane)
    return pane
  }

  const isCurrent = (pane: Pane) => panes.get(pane.window.key) === pane
  const isBehind = ({ window }: Pane) => window.isLoaded && window.version < setup.head(window.key)
  const needsWork = (pane: Pane) =>
    pane.openings > 0 && (pane.opensAt !== undefined || !pane.window.isLoaded || isBehind(pane))
  const loader = createLoader(setup, isCurrent, isBehind)
  /** Time for events that are overtaken by later ones; many clients spread their questions over it. */
  const moment = ({ window }: Pane) => setup.moment(window.key)

  /** Brings a room that is on screen up to date, as soon as what is under way for it is done. */
  function attend(roomId: number): void {
    const pane = panes.get(roomId)
    if (!pane || pane.isQueued || !needsWork(pane) || !setup.canLoad(roomId)) return
    pane.isQueued = true
    pane.retry.cancel()
    void lanes.run(roomId, async () => {
      pane.isQueued = false
      if (isCurrent(pane) && needsWork(pane) && setup.canLoad(roomId)) await bringUpToDate(pane)
    })
  }

  async function bringUpToDate(pane: Pane): Promise<void> {
    if (pane.opensAt) await openAt(pane, pane.opensAt)
    if (isCurrent(pane) && needsWork(pane)) await loader.bringUpToDate(pane)
    if (!isCurrent(pane)) return
    shorten(pane)
    onChange(pane.window.key)
    if (needsWork(pane)) pane.retry.soon(pane.failures > 0 ? backoff(environment, pane.failures) : moment(pane))
  }

  async function openAt(pane: Pane, wish: NonNullable<Pane['opensAt']>): Promise<void> {
    const outcome = await loader.loadAround(pane, wish.messageId)
    wish.resolve(outcome)
    if (pane.opensAt === wish) pane.opensAt = undefined
  }

  /** Shows what an earlier client knew, before anything is asked for. */
  function restore(pane: Pane) {
    const { key: roomId } = pane.window
    const kept = setup.kept(roomId)
    if (!kept) return
    if (!(kept instanceof Promise) && !lanes.isBusy(roomId)) return loader.restore(pane, kept)
    void lanes.run(roomId, async () => {
      loader.restore(pane, await kept)
      if (isCurrent(pane)) onChange(roomId)
    })
  }

  /** Forgets closed rooms beyond the bound, those longest out of use first. */
  function evict() {
    const closed = [...panes.values()].filter((pane) => pane.openings === 0)
    for (const pane of closed.slice(0, Math.max(0, closed.length - keptWindows))) forget(pane)
  }

  function forget(pane: Pane) {
    pane.retry.cancel()
    pane.opensAt?.resolve('gone')
    panes.delete(pane.window.key)
  }

  /** Not while a page is under way that must fit in front. */
  function tidy(pane: Pane) {
    if (lanes.isBusy(pane.window.key)) return
    if (pane.openings === 0) trim(pane.window, keptRows)
    else shorten(pane)
  }

  /** For a room on screen, in its lane or while that is idle. */
  function shorten(pane: Pane) {
    // Who came to read an earlier part reads on in both directions.
    if (hasNewer(pane.window)) return
    const max = pane.readBackRows > 0 ? pane.readBackRows + maxUnseenRows : maxOpenRows
    if (pane.window.rows.size <= max) return
    trim(pane.window, keptOpenRows)
    pane.readBackRows = 0
  }

  function close(pane: Pane) {
    pane.openings--
    if (pane.openings > 0 || !isCurrent(pane)) return
    pane.opensAt?.resolve('failed')
    pane.opensAt = undefined
    pane.readBackRows = 0
    panes.delete(pane.window.key)
    // Whoever comes back comes to the newest messages.
    if (hasNewer(pane.window)) return forget(pane)
    // Last in the order of use.
    panes.set(pane.window.key, pane)
    tidy(pane)
    evict()
  }

  /** The viewer is no member any more, or everything is to be read anew. What is on screen stays so, and empty. */
  function drop(roomId: number) {
    const pane = panes.get(roomId)
    if (!pane) return
    forget(pane)
    if (pane.openings > 0) paneOf(roomId).openings = pane.openings
    onChange(roomId)
  }

  return {
    get: (roomId: number): Pane | undefined => panes.get(roomId),
    attend,
    /** Those that are loaded, in the order of use: that on screen last. */
    list(): Window[] {
      const all = [...panes.values()].filter(({ window }) => window.isLoaded)
      const isClosed = (pane: Pane) => pane.openings === 0
      return [...all.filter(isClosed), ...all.filter((pane) => !isClosed(pane))].map(({ window }) => window)
    },

    /** Everything on screen: after a sync, or when requests can be made again. */
    attendAll() {
      for (const roomId of panes.keys()) attend(roomId)
    },

    open(roomId: number): () => void {
      let pane = paneOf(roomId)
      pane.openings++
      if (!pane.window.isLoaded && setup.isMember(roomId)) restore(pane)
      attend(roomId)
      onChange(roomId)
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        // A window that was forgotten meanwhile has a successor, on screen as often.
        pane = panes.get(roomId) ?? pane
        close(pane)
      }
    },

    async reload(roomId: number): Promise<void> {
      const pane = panes.get(roomId)
      if (!pane) return
      pane.hasFailed = false
      onChange(roomId)
      attend(roomId)
      await lanes.run(roomId, async () => {})
    },

    async loadOlder(roomId: number): Promise<void> {
      const pane = panes.get(roomId)
      if (!pane || pane.isLoadingOlder || !hasOlder(pane.window)) return
      pane.isLoadingOlder = true
      pane.readBackRows = pane.window.rows.size
      onChange(roomId)
      await lanes.run(roomId, async () => void (pane.hasOlderFailed = await loader.extend(pane, 'older')))
      pane.isLoadingOlder = false
      pane.readBackRows = pane.window.rows.size
      onChange(roomId)
    },

    async loadNewer(roomId: number): Promise<void> {
      const pane = panes.get(roomId)
      if (!pane || pane.isLoadingNewer || !hasNewer(pane.window)) return
      pane.isLoadingNewer = true
      onChange(roomId)
      await lanes.run(roomId, async () => {
        pane.hasNewerFailed = await loader.extend(pane, 'newer')
        if (pane.window.rows.size > maxOpenRows) trim(pane.window, keptOpenRows)
      })
      pane.isLoadingNewer = false
      onChange(roomId)
    },

    /** Shows the messages around this one, as soon as they can be had. */
    openAt(roomId: number, messageId: number): Promise<OpenOutcome> {
      const pane = panes.get(roomId)
      if (!pane || pane.openings === 0) return Promise.resolve('failed')
      pane.opensAt?.resolve('gone')
      pane.opensAt = undefined
      const row = pane.window.isLoaded ? pane.window.rows.get(messageId) : undefined
      if (row && row.deleted_at === null) {
        pane.target = messageId
        onChange(roomId)
        return Promise.resolve('shown')
      }
      return new Promise((resolve) => {
        pane.opensAt = { messageId, resolve }
        attend(roomId)
      })
    },

    /** Leaves an earlier part of the room for its newest messages. */
    async jumpToNewest(roomId: number): Promise<void> {
      const pane = panes.get(roomId)
      if (!pane) return
      pane.target = null
      onChange(roomId)
      if (!hasNewer(pane.window)) return
      await lanes.run(roomId, async () => {
        if (!isCurrent(pane) || !hasNewer(pane.window)) return
        pane.isLoadingNewer = true
        onChange(roomId)
        pane.hasNewerFailed = await loader.loadNewest(pane).then(
          () => false,
          () => true,
        )
        pane.isLoadingNewer = false
      })
      onChange(roomId)
      attend(roomId)
    },

    receive(change: RoomChange, key = change.room_id) {
      const pane = panes.get(key)
      if (!pane) return
      const { version } = pane.window
      receiveChange(pane.window, change)
      if (pane.window.version !== version) onChange(key)
      if (pane.openings > 0 || pane.window.rows.size > 2 * keptRows) tidy(pane)
      if (needsWork(pane)) pane.retry.soon(moment(pane))
    },

    /** The room was heard to have moved on: what is missing is asked for after a moment. */
    noteHead(roomId: number) {
      const pane = panes.get(roomId)
      if (pane && needsWork(pane)) pane.retry.soon(moment(pane))
    },

    /** Rows whose place in the order of events is not known to have come: the answer to a request. */
    mergeRows(roomId: number, rows: Partial<Rows>) {
      const pane = panes.get(roomId)
      if (!pane) return
      mergeRows(pane.window, { messages: [], reactions: [], pins: [], threads: [], ...rows })
      onChange(roomId)
    },

    /** The reader has seen everything up to `seq`: if that is the newest, they are at the end. */
    noteSeen(roomId: number, seq: number) {
      const pane = panes.get(roomId)
      if (pane && !hasNewer(pane.window) && seq >= newestSeq(pane.window)) pane.readBackRows = 0
    },

    /** Windows on screen that nothing is under way for: a sync may repair them, in their lanes. */
    idle(limit: number): Pane[] {
      return [...panes.values()]
        .filter((pane) => pane.openings > 0 && pane.window.isLoaded && !lanes.isBusy(pane.window.key))
        .slice(-limit)
    },

    /** Applies a sync's part for a window that was held in its lane since the request. */
    applyChanges(pane: Pane, answer: Changes) {
      if (!isCurrent(pane)) return
      if ('reset' in answer) unload(pane.window)
      else if (!answer.more) {
        mergeRepair(pane.window, answer, answer.to)
        setup.onRepair(answer, lowSeq(pane.window))
        shorten(pane)
      }
      onChange(pane.window.key)
    },

    drop,

    reset() {
      for (const roomId of Array.from(panes.keys())) drop(roomId)
    },
  }
}
