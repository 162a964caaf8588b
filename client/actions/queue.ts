import type { Refusal } from '../client.ts'
import type { Environment } from '../environment.ts'
import { type SendLine, type Sendable, createSendLine, createSender } from '../sender.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { MakeSource } from '../source.ts'
import type { ActionStorage } from '../storage/storage.ts'
import type { Attempt } from '../storage/attempt.ts'
import type { Seat, Tabs } from '../storage/tabs.ts'
import { createTimer } from '../timer.ts'
import type { ActionKind, NewAction, PendingAction, Performer, Performers, StoredAction } from './action.ts'

export type ActionQueueSetup = {
  environment: Environment
  /** Does something with the store. */
  did: Attempt
  source: MakeSource
  storage: { actions: ActionStorage; tabs: Tabs }
  performers: Performers
}

export type ActionQueue = ReturnType<typeof createActionQueue>

/** What one tab tells the others of its user. Tabs may run different versions: what is not known is ignored. */
type ActionNews =
  /** An action was stored, in the place of others perhaps, refused, or is tried again: the store tells more. */
  | { type: 'changed' }
  /** Carried out (then with the answer), refused for good, or discarded. */
  | { type: 'done'; action: StoredAction; answer?: { of: unknown } }
  /** The user signed out and left nothing behind. */
  | { type: 'forgotten' }

type Item = Sendable & {
  readonly action: StoredAction
  /** `storing`: on its way there, and sent only afterwards. `memory`: the store does not have it, so this tab sends it. */
  kept: 'storing' | 'store' | 'memory'
  heldUntil: number | undefined
  view: PendingAction | undefined
}
type Line = SendLine<Item>

/** So many refusals wait to be read. */
const maxRefusals = 20
/** Nothing is held for longer, even if the device's clock was set back meanwhile. */
const maxHoldMs = 60_000

/**
 * What a person does, on its way to the server: stored, then sent by the tab that has the turn, in order per lane, until
 * an answer is definite. What the store does not have any more, another tab has carried out or replaced.
 */
export function createActionQueue({ environment, did, source, storage, performers }: ActionQueueSetup) {
  const lines = new Map<string, Line>()
  /** Who is signed in; nobody acts in another's name. */
  let userId: number | undefined
  let seat: Seat<ActionNews> | undefined
  let hasTurn = false
  /** What was decided while the store was being read: what was read of it is out of date. */
  let decidedMeanwhile: Set<string> | undefined
  /** Actions are stored one after another, in the order of being done. */
  let storing = Promise.resolve()
  let refused: readonly Refusal[] = []
  const refusals = source(() => refused)
  const refresh = createSingleFlight(readStore)
  const holds = createTimer(environment, endHolds)
  const sender = createSender({
    environment,
    post: ({ action }: Item, signal) => performerOf(action).send(action.body, { signal, userId: action.user_id }),
    nextOf,
    // Whether one gets through says something about those behind it.
    onState: (item) => lineOf(item.action.lane).items.forEach(changed),
    onSent(item, answer) {
      // Taken in before it is taken out: nothing is shown as it was in between.
      if (item.action.user_id === userId) performerOf(item.action).merge(answer, item.action.body)
      remove(item, { of: answer })
    },
    onRefused,
  })

  function performerOf({ kind }: StoredAction): Performer<unknown> {
    return performers[kind as ActionKind] as Performer<unknown>
  }

  /** Another tab may have to send it: then all that follow wait for it. */
  function nextOf({ items }: Line): Item | undefined {
    // What is held keeps nobody else waiting.
    const isDue = ({ action, state, heldUntil }: Item) =>
      state !== 'failed' && heldUntil === undefined && action.user_id === userId
    const next = items.find(isDue)
    return next && (next.kept === 'memory' || (next.kept === 'store' && hasTurn)) ? next : undefined
  }

  function lineOf(lane: string): Line {
    const known = lines.get(lane)
    if (known) return known
    const line: Line = createSendLine<Item>(createTimer(environment, () => void sender.work(line)))
    lines.set(lane, line)
    return line
  }

  function allItems(): Item[] {
    return [...lines.values()].flatMap(({ items }) => items)
  }

  function find(id: string): Item | undefined {
    return allItems().find(({ action }) => action.id === id)
  }

  function changed(item: Item) {
    item.view = undefined
    performerOf(item.action).onChange(item.action.body)
  }

  async function storeThenTell(task: Promise<unknown>, news: ActionNews): Promise<void> {
    if (await did(task)) seat?.tell(news)
  }

  function endHolds() {
    for (const item of allItems()) {
      if (item.heldUntil === undefined) continue
      const left = item.heldUntil - environment.now()
      if (left > 0) {
        holds.soon(left)
        continue
      }
      item.heldUntil = undefined
      changed(item)
      void sender.work(lineOf(item.action.lane))
    }
  }

  function push(action: StoredAction, kept: Item['kept']): Item {
    const { failure, held_until: heldUntil = 0 } = action
    const holdMs = Math.min(heldUntil - environment.now(), maxHoldMs)
    if (holdMs > 0) holds.soon(holdMs)
    const item: Item = {
      action,
      state: failure ? 'failed' : 'waiting',
      failure,
      abort: undefined,
      kept,
      heldUntil: holdMs > 0 ? environment.now() + holdMs : undefined,
      view: undefined,
    }
    lineOf(action.lane).items.push(item)
    changed(item)
    return item
  }

  async function store(item: Item, replaces: readonly string[]): Promise<void> {
    const line = lineOf(item.action.lane)
    const isStored = await did(storage.actions.add(item.action, replaces))
    decidedMeanwhile?.add(item.action.id)
    // Replaced meanwhile, or its author has left.
    if (isStored && !line.items.includes(item)) return unstore(item)
    item.kept = isStored ? 'store' : 'memory'
    if (isStored) seat?.tell({ type: 'changed' })
    void sender.work(line)
  }

  function drop(item: Item): boolean {
    decidedMeanwhile?.add(item.action.id)
    const line = lineOf(item.action.lane)
    const at = line.items.indexOf(item)
    if (at < 0) return false
    line.items.splice(at, 1)
    item.abort?.abort()
    changed(item)
    return true
  }

  function remove(item: Item, answer?: { of: unknown }) {
    if (drop(item)) unstore(item, answer)
  }

  function unstore({ action }: Item, answer?: { of: unknown }) {
    decidedMeanwhile?.add(action.id)
    const news: ActionNews = { type: 'done', action, ...(answer ? { answer } : {}) }
    void storeThenTell(storage.actions.remove(action.id), news)
  }

  function storeFailure({ action, failure }: Item) {
    decidedMeanwhile?.add(action.id)
    void storeThenTell(storage.actions.setFailure(action.id, failure), { type: 'changed' })
  }

  function onRefused(item: Item) {
    const { action, failure } = item
    if (!failure) return
    if (performerOf(action).keepsRefused?.(failure)) return storeFailure(item)
    const { id, kind, key } = action
    refused = [...refused, { id, kind, key, failure }].slice(-maxRefusals)
    refusals.changed()
    remove(item)
  }

  /** What closed tabs left behind and others have done, in the order of doing. */
  async function readStore(): Promise<void> {
    const reader = userId
    if (reader === undefined) return
    const decided = new Set<string>()
    decidedMeanwhile = decided
    const wereStored = allItems().filter(({ kept }) => kept === 'store')
    let stored: readonly StoredAction[] = []
    const isRead = await did(storage.actions.list(reader).then((actions) => (stored = actions)))
    decidedMeanwhile = undefined
    if (!isRead || userId !== reader) return
    const places = new Map(stored.map(({ id }, place) => [id, place]))
    for (const item of wereStored) {
      const { id } = item.action
      if (!places.has(id) && !decided.has(id) && item.state !== 'sending') drop(item)
    }
    for (const action of stored) if (!decided.has(action.id) && action.kind in performers) take(action)
    for (const line of lines.values()) arrange(line, places)
  }

  function take(action: StoredAction) {
    const item = find(action.id)
    if (!item) {
      push(action, 'store')
      return
    }
    const isKnown = (item.state === 'failed') === (action.failure !== undefined)
    if (isKnown || item.state === 'sending' || item.kept !== 'store') return
    item.state = action.failure ? 'failed' : 'waiting'
    item.failure = action.failure
    changed(item)
  }

  function arrange(line: Line, places: ReadonlyMap<string, number>) {
    const placeOf = ({ action }: Item) => places.get(action.id) ?? places.size
    line.items.sort((a, b) => placeOf(a) - placeOf(b))
    void sender.work(line)
  }

  function forgetAll() {
    for (const item of allItems()) if (item.action.user_id === userId) drop(item)
  }

  function wake() {
    endHolds()
    for (const line of lines.values()) void sender.hurry(line)
    // A tab may have died between storing and telling.
    void refresh()
  }

  const onNews: { [T in ActionNews['type']]: (news: Extract<ActionNews, { type: T }>) => void } = {
    changed: () => void refresh(),
    done({ action, answer }) {
      decidedMeanwhile?.add(action.id)
      if (answer && action.kind in performers) performerOf(action).merge(answer.of, action.body)
      const item = find(action.id)
      // Discarded over there while this tab was sending it: the answer tells what became of it.
      if (item && (answer || item.state !== 'sending')) drop(item)
      const line = lines.get(action.lane)
      if (line) void sender.work(line)
    },
    forgotten: forgetAll,
  }

  function present(item: Item): PendingAction {
    const { action, state, failure } = item
    const { id, key, body } = action
    const isHeld = item.heldUntil !== undefined
    const isStuck = lineOf(action.lane).failures > 0
    item.view ??= { id, key, body: body as PendingAction['body'], state, failure, isHeld, isStuck }
    return item.view
  }

  return {
    refusals,
    dismiss(id: string) {
      refused = refused.filter((refusal) => refusal.id !== id)
      refusals.changed()
    },

    /** Those of one kind that are on their way or kept as refused, in the order of being done. */
    of<Kind extends ActionKind>(kind: Kind): readonly PendingAction<Kind>[] {
      const mine = allItems().filter(({ action }) => action.kind === kind && action.user_id === userId)
      return mine.map(present) as PendingAction<Kind>[]
    },

    /**
     * Does it as soon as it can be done, instead of what waits to be done of the same kind and key; not before `holdMs` are
     * over, in whichever tab that is.
     */
    add(action: NewAction, { holdMs = 0 }: { holdMs?: number } = {}) {
      if (userId === undefined) throw new RangeError('nobody is signed in')
      const { kind, key, lane } = action
      const isReplaced = ({ action: old, state }: Item) =>
        old.kind === kind && old.key === key && old.user_id === userId && state !== 'sending'
      const replaced = lineOf(lane).items.filter(isReplaced)
      const held = holdMs > 0 ? { held_until: environment.now() + holdMs } : {}
      const item = push({ id: environment.uuid(), user_id: userId, ...action, ...held }, 'storing')
      for (const old of replaced) drop(old)
      const ids = replaced.map(({ action: old }) => old.id)
      storing = storing.then(() => store(item, ids)).catch(environment.report)
      if (!hasTurn) seat?.takeTurn()
    },

    /** Tries again what was refused. */
    retry(id: string) {
      const item = find(id)
      if (item?.state !== 'failed') return
      item.state = 'waiting'
      item.failure = undefined
      storeFailure(item)
      changed(item)
      void sender.hurry(lineOf(item.action.lane))
      if (!hasTurn) seat?.takeTurn()
    },

    discard(id: string) {
      const item = find(id)
      if (item && item.state !== 'sending') remove(item)
    },

    /** Requests may go through again: what waits need not wait for its turn, unless the server asked for it. */
    wake,

    /** The tab is being looked at: what waits anywhere in this browser is sent from here. */
    takeTurn() {
      seat?.takeTurn()
      wake()
    },

    start(id: number) {
      userId = id
      seat = storage.tabs.join<ActionNews>(
        id,
        {
          onTurn(next) {
            hasTurn = next
            void refresh()
          },
          onNews(news) {
            if (Object.hasOwn(onNews, news.type)) (onNews[news.type] as (news: ActionNews) => void)(news)
          },
        },
        'actions',
      )
      wake()
    },

    /** Nobody is signed in: actions wait for their author to come back, in the store if it has them. */
    stop() {
      seat?.leave()
      seat = undefined
      hasTurn = false
      userId = undefined
      holds.cancel()
      refused = []
      refusals.changed()
      for (const line of lines.values()) {
        line.retry.cancel()
        for (const item of Array.from(line.items)) {
          item.abort?.abort()
          if (item.kept === 'store') line.items.splice(line.items.indexOf(item), 1)
        }
      }
    },

    /** The user signs out, and leaves nothing behind on this device. */
    forget() {
      if (userId === undefined) return
      forgetAll()
      void did(storage.actions.clear(userId))
      seat?.tell({ type: 'forgotten' })
    },
  }
}
