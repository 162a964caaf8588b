import type { HistoryPage } from '@grandchat/contracts/messages/schema'
import type { PinRow } from '@grandchat/contracts/pins/schema'
import { backoff } from '../backoff.ts'
import type { PendingAction } from '../actions/action.ts'
import type { MessageView, PinList } from '../client.ts'
import type { Environment } from '../environment.ts'
import type { Beside } from '../messages/beside.ts'
import {
  type Run,
  advance,
  createRun,
  mergePage,
  mergeRows,
  mergeSnapshot,
  receiveChange,
  sweep,
} from '../messages/run.ts'
import { isPinned } from '../messages/views.ts'
import type { Observable } from '../observable.ts'
import type { MakeSource, Source } from '../source.ts'
import type { RoomChange } from '../sync/change.ts'
import type { Follower } from '../sync/follower.ts'
import { type Timer, createTimer } from '../timer.ts'

/** The pins of one room while they are shown: all of them as of the run's version. Their messages are known beside it. */
type Board = Run & {
  openings: number
  hasFailed: boolean
  isFetching: boolean
  failures: number
  readonly retry: Timer
  /** Ends following the messages, by id. */
  readonly followed: Map<number, () => void>
}

export type PinBoardsSetup = {
  environment: Environment
  source: MakeSource
  beside: () => Pick<Beside, 'get'>
  fetchPins: (roomId: number) => Promise<HistoryPage>
  head: (roomId: number) => number
  isGone: (roomId: number) => boolean
  canLoad: (roomId: number) => boolean
  moment: (roomId: number) => number
  /** What the viewer pins and unpins, not confirmed yet. */
  wishes: () => readonly PendingAction<'pin'>[]
}

export type PinBoards = ReturnType<typeof createPinBoards>

export function createPinBoards(setup: PinBoardsSetup) {
  const { environment, source } = setup
  const boards = new Map<number, Board>()
  const lists = new Map<number, Source<PinList>>()

  function list(roomId: number): Source<PinList> {
    const known = lists.get(roomId)
    if (known) return known
    const made = source(() => present(roomId))
    lists.set(roomId, made)
    return made
  }

  function present(roomId: number): PinList {
    const board = boards.get(roomId)
    const messages = pinnedIds(roomId)
      .map((id) => setup.beside().get(roomId, id).get())
      .filter((found): found is MessageView => typeof found === 'object')
    return { status: board?.isLoaded ? 'ready' : board?.hasFailed ? 'error' : 'loading', messages }
  }

  /** As the viewer wants it, the last pinned first. */
  function pinnedIds(roomId: number): number[] {
    const wishes = setup.wishes().filter(({ body }) => body.room_id === roomId)
    const wished = new Map(wishes.map(({ body }) => [body.message_id, body.isOn]))
    const rows = [...(boards.get(roomId)?.pins.values() ?? [])].filter(isPinned)
    const ids = rows.sort(byPinning).map(({ message_id }) => message_id)
    const added = [...wished].filter(([id, isOn]) => isOn && !ids.includes(id)).map(([id]) => id)
    return [...added.reverse(), ...ids.filter((id) => wished.get(id) !== false)]
  }

  function boardOf(roomId: number): Board {
    const known = boards.get(roomId)
    if (known) return known
    const board: Board = Object.assign(
      createRun(roomId, () => true),
      {
        openings: 0,
        hasFailed: false,
        isFetching: false,
        failures: 0,
        retry: createTimer(environment, () => attend(roomId)),
        followed: new Map<number, () => void>(),
      },
    )
    boards.set(roomId, board)
    return board
  }

  function changed(roomId: number) {
    const board = boards.get(roomId)
    if (board) followMessages(roomId, board)
    lists.get(roomId)?.changed()
  }

  function followMessages(roomId: number, { followed }: Board) {
    const ids = new Set(pinnedIds(roomId))
    for (const [id, end] of followed) {
      if (ids.has(id)) continue
      followed.delete(id)
      end()
    }
    for (const id of ids) {
      if (!followed.has(id))
        followed.set(
          id,
          setup
            .beside()
            .get(roomId, id)
            .subscribe(() => lists.get(roomId)?.changed()),
        )
    }
  }

  const needsFetch = (board: Board) => !board.isLoaded || board.version < setup.head(board.roomId)

  function attend(roomId: number) {
    const board = boards.get(roomId)
    if (board && !board.isFetching && needsFetch(board) && setup.canLoad(roomId)) void fetch(board)
  }

  async function fetch(board: Board): Promise<void> {
    const { roomId } = board
    board.isFetching = true
    try {
      take(board, await setup.fetchPins(roomId))
      board.failures = 0
      board.hasFailed = false
    } catch {
      board.failures++
      board.hasFailed = true
    }
    board.isFetching = false
    if (boards.get(roomId) !== board) return
    changed(roomId)
    if (board.failures > 0) board.retry.reset(backoff(environment, board.failures))
    else if (needsFetch(board)) board.retry.soon(setup.moment(roomId))
  }

  /** What was pinned by then and is not in the page is pinned no more. An older page than what is known changes nothing. */
  function take(board: Board, page: HistoryPage) {
    const pins = onlyPins(page)
    if (board.isLoaded && page.version <= board.version) {
      mergePage(board, { ...page, ...pins }, () => {})
      return
    }
    board.isLoaded = true
    board.version = page.version
    sweep(board, (row) => row.version <= page.version)
    mergeSnapshot(board, { ...page, ...pins, results: [] })
    advance(board)
  }

  function forget(roomId: number) {
    const board = boards.get(roomId)
    if (!board) return
    board.retry.cancel()
    for (const end of board.followed.values()) end()
    boards.delete(roomId)
    list(roomId).changed()
  }

  function drop(roomId: number) {
    const { openings = 0 } = boards.get(roomId) ?? {}
    forget(roomId)
    if (openings > 0) boardOf(roomId).openings = openings
  }

  function noteHead(roomId: number) {
    const board = boards.get(roomId)
    if (board?.isLoaded && needsFetch(board)) board.retry.soon(setup.moment(roomId))
  }

  const follower: Follower = {
    attend,
    attendAll() {
      for (const roomId of boards.keys()) attend(roomId)
    },
    receive(change: RoomChange) {
      const board = boards.get(change.room_id)
      if (!board) return
      receiveChange(board, { ...change, ...onlyPins(change) })
      changed(change.room_id)
      noteHead(change.room_id)
    },
    noteHead,
    drop,
    reset() {
      for (const roomId of Array.from(boards.keys())) drop(roomId)
    },
  }

  return {
    ...follower,
    list: (roomId: number): Observable<PinList> => list(roomId),
    open(roomId: number): () => void {
      boardOf(roomId).openings++
      attend(roomId)
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        const board = boards.get(roomId)
        if (board && --board.openings === 0) forget(roomId)
      }
    },
    /** What the viewer does there has changed. */
    changed,
    mergePins(roomId: number, pins: readonly PinRow[]) {
      const board = boards.get(roomId)
      if (!board) return
      mergeRows(board, { messages: [], reactions: [], threads: [], pins })
      changed(roomId)
    },
  }
}

function onlyPins<Pins>({ pins }: { pins: Pins }) {
  return { messages: [], reactions: [], threads: [], results: [], pins }
}

/** The last first; times are strings made to be compared. */
function byPinning(a: PinRow, b: PinRow): number {
  return a.pinned_at === b.pinned_at ? b.message_id - a.message_id : a.pinned_at < b.pinned_at ? 1 : -1
}
