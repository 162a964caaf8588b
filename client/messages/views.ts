import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { PinRow } from '@grandchat/contracts/pins/schema'
import type { ReactionRow } from '@grandchat/contracts/reactions/schema'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import type { PendingAction } from '../actions/action.ts'
import type { ActionQueue } from '../actions/queue.ts'
import type { MessageChange, MessageView, ReactionView } from '../client.ts'
import type { Environment } from '../environment.ts'
import type { Directory } from '../users/directory.ts'
import type { Run } from './run.ts'
import { timeOf } from './text.ts'

export type ViewsSetup = {
  environment: Environment
  directory: Directory
  actions: () => Pick<ActionQueue, 'of'>
  viewerId: () => number | undefined
}

export type Views = ReturnType<typeof createViews>

/** What the viewer does with one message, and is not confirmed yet. */
type Wishes = {
  edits: PendingAction<'edit'>[]
  removals: PendingAction<'remove'>[]
  reactions: PendingAction<'react'>[]
  pins: PendingAction<'pin'>[]
}

const listOf = { edit: 'edits', remove: 'removals', react: 'reactions', pin: 'pins' } as const
const kinds = Object.keys(listOf) as (keyof typeof listOf)[]

/** All that a view is made of, in parts that are replaced, never changed. */
type Parts = readonly [
  row: MessageRow,
  reactions: readonly ReactionRow[],
  pin: PinRow | undefined,
  thread: ThreadRow | undefined,
  names: number,
  viewerId: number | undefined,
  ...wishes: PendingAction[],
]

const none: readonly never[] = []

/** Rows as they are shown. A message's view is the same object as long as nothing of it changes. */
export function createViews({ environment, directory, actions, viewerId }: ViewsSetup) {
  const made = new WeakMap<MessageRow, { parts: Parts; view: MessageView }>()

  /** By message, of one room. */
  function wishesOf(roomId: number): ReadonlyMap<number, Wishes> {
    const wishes = new Map<number, Wishes>()
    const gather = (kind: keyof typeof listOf) => {
      for (const action of actions().of(kind)) {
        if (action.body.room_id !== roomId) continue
        const id = action.body.message_id
        const mine = wishes.get(id) ?? { edits: [], removals: [], reactions: [], pins: [] }
        wishes.set(id, mine)
        const list: PendingAction[] = mine[listOf[kind]]
        list.push(action)
      }
    }
    for (const kind of kinds) gather(kind)
    return wishes
  }

  function view(run: Run, row: MessageRow, wishes: Wishes | undefined): MessageView {
    const { id } = row
    const { edits = none, removals = none, reactions = none, pins = none } = wishes ?? {}
    const parts: Parts = [
      row,
      run.reactions.get(id) ?? none,
      run.pins.get(id),
      run.threads.get(id),
      directory.changes(),
      viewerId(),
      ...edits,
      ...removals,
      ...reactions,
      ...pins,
    ]
    const known = made.get(row)
    if (known && isSame(known.parts, parts)) return known.view
    const shown = compose(parts, { edits, removals, reactions, pins })
    made.set(row, { parts, view: shown })
    return shown
  }

  type ReadonlyWishes = { readonly [Name in keyof Wishes]: readonly Wishes[Name][number][] }

  function compose([row, reactions, pin, thread]: Parts, wishes: ReadonlyWishes): MessageView {
    const edit = wishes.edits.at(-1)
    const removal = wishes.removals.at(-1)
    const named = { ...row, ...directory.named(row), thread: thread && { ...thread, ...directory.named(thread) } }
    if (row.deleted_at !== null) return { ...named, reactions: none, isPinned: false, change: undefined }
    if (removal) {
      const deleted_at = timeOf(environment.now())
      const change = { ...changeOf('remove', removal), ...undoOf(removal) }
      return { ...named, content: '', deleted_at, reactions: none, isPinned: false, change }
    }
    return {
      ...named,
      ...(edit && { content: edit.body.content, edited_at: row.edited_at ?? timeOf(environment.now()) }),
      reactions: reactionsOf(row.id, reactions, wishes.reactions),
      isPinned: wishes.pins.at(-1)?.body.isOn ?? isPinned(pin),
      change: edit && changeOf('edit', edit),
    }
  }

  function reactionsOf(
    message_id: number,
    rows: readonly ReactionRow[],
    wishes: readonly PendingAction<'react'>[],
  ): readonly ReactionView[] {
    const me = viewerId()
    const wanted = new Map(wishes.map(({ body: { emoji, isOn } }) => [emoji, isOn]))
    const fresh = [...wanted.keys()]
      .filter((emoji) => !rows.some((row) => row.emoji === emoji))
      .map((emoji): ReactionRow => ({ message_id, emoji, count: 0, user_ids: [], version: 0 }))
    return [...rows, ...fresh]
      .sort((a, b) => (a.emoji < b.emoji ? -1 : 1))
      .map((row) => reactionOf(row, me, wanted.get(row.emoji)))
      .filter(({ count }) => count > 0)
  }

  return {
    wishesOf,
    view,
    /** A message that a run has, alone. */
    viewIn(run: Run, id: number): MessageView | undefined {
      const row = run.rows.get(id)
      return row && view(run, row, wishesOf(run.roomId).get(id))
    },
  }
}

export function isPinned(pin: PinRow | undefined): boolean {
  return pin !== undefined && pin.unpinned_at === null
}

function reactionOf(row: ReactionRow, me: number | undefined, wanted: boolean | undefined): ReactionView {
  if (me === undefined) return { ...row, isMine: false }
  const isMine = row.user_ids.includes(me)
  if (wanted === undefined || wanted === isMine) return { ...row, isMine }
  const user_ids = wanted ? [...row.user_ids, me] : row.user_ids.filter((id) => id !== me)
  return { ...row, count: row.count + (wanted ? 1 : -1), user_ids, isMine: wanted }
}

function undoOf({ isHeld, isStuck }: PendingAction): Pick<MessageChange, 'undoable'> {
  if (isHeld) return { undoable: 'held' }
  return isStuck ? { undoable: 'stuck' } : {}
}

function changeOf(kind: MessageChange['kind'], { state, failure }: PendingAction): MessageChange {
  return { kind, state, ...(state !== 'sending' && failure ? { failure } : {}) }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, n) => part === b[n])
}
