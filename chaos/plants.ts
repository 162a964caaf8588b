/** In one file of the product, a piece of text that stands there once, and what stands there instead. */
export type Plant = { file: string; from: string; to: string }

const pass = (name: string) => `await globalThis.chaos?.pass('${name}')`

/**
 * Failpoints: places where a run may kill the process, hold it up, or let a step fail or be left out. They exist in the
 * memory of processes that chaos/plant.ts was loaded into, and nowhere else.
 */
export const failpoints = {
  /** The batch is written and its transaction still open. */
  'before commit': {
    file: 'server/messages/send-batch.ts',
    from: 'export async function sendBatch(',
    to: `export async function sendBatch(pool, ...given) {
  if (pool.isTransaction) {
    const written = await sendBatchWhole(pool, ...given)
    ${pass('before commit')}
    return written
  }
  const done = globalThis.chaos?.isArmed('before commit')
    ? await pool.transaction().execute(async (tx) => {
        const written = await sendBatchWhole(tx, ...given)
        ${pass('before commit')}
        return written
      })
    : await sendBatchWhole(pool, ...given)
  ${pass('after commit')}
  return done
}
async function sendBatchWhole(`,
  },
  /** The event is about to be published; whoever sent it may have the answer. */
  'before publish': {
    file: 'server/realtime/broadcaster.ts',
    from: 'const answers = await hub.broadcast(',
    to: `if (${pass('before publish')} === 'skip') return
      if (globalThis.chaos?.isArmed('mid broadcast') && channels.length > 1) {
        await hub.broadcast(channels.slice(0, channels.length / 2), event, { idempotencyKey })
        ${pass('mid broadcast')}
      }
      const answers = await hub.broadcast(`,
  },
} satisfies Record<string, Plant>

/** Bugs, by what the product then does without. */
export const bugs = {
  /** m2: what could not be published is forgotten. */
  'no dirty marks': {
    file: 'server/realtime/publisher.ts',
    from: '#queueOf(roomId: number): RoomQueue {',
    to: `#queueOf(roomId: number): RoomQueue {
    const known = this.#queueUnplanted(roomId)
    Object.defineProperty(known, 'isDirty', { get: () => false, set: () => {}, configurable: true })
    return known
  }

  #queueUnplanted(roomId: number): RoomQueue {`,
  },
  /** m7: who loses the right to a channel stays subscribed, and may subscribe with an old token. */
  'no revocation': {
    file: 'server/realtime/real-time.ts',
    from: 'async revoke(user, channel, issuedBefore) {\n      hub.revokeTokens(',
    to: 'async revoke(user, channel, issuedBefore) {\n      if (channel !== null) return\n      hub.revokeTokens(',
  },
  /** m9: an edit is made and told to nobody. */
  'silent edits': {
    file: 'server/messages/edit.ts',
    from: 'return bumpRoom(tx, room, {',
    to: 'return unchanged(tx, room, {',
  },
  /** m11: whoever was a member once may read. */
  'past members read': {
    file: 'server/rooms/access.ts',
    from: `.where('memberships.left_at', 'is', null)\n    .select([`,
    to: '.select([',
  },
  /** m14: what was due is sent as it was, though its author has taken it back since. */
  'sent whatever': {
    file: 'server/own-rows/scheduled-sends.ts',
    from: 'isWanted: (tx: OpenTransaction) => isAsTaken(tx, due)',
    to: 'isWanted: async () => true',
  },
  /** m15: who keeps their reading to themselves is told of as everybody. */
  'reading is told': {
    file: 'server/receipts/private.ts',
    from: `own.key = 'read_receipts'`,
    to: `own.key = 'read receipts'`,
  },
} satisfies Record<string, Plant>

/** Bugs of the client: its parts are relative to client/ (client/testing/mutants.ts). */
export const clientBugs = {
  /** Nobody looks at the head once a minute. */
  'no head check': [
    {
      file: 'create-client.ts',
      from: 'beat: engine.look,',
      to: 'beat: () => (engine.hasSynced() ? Promise.resolve() : engine.look()),',
    },
  ],
  /** An event of whatever version is taken for the next. */
  'no gap rule': [
    { file: 'sync/apply-event.ts', from: ' || rooms.entry(room.id)?.seen.hasGap', to: '' },
    {
      file: 'messages/run.ts',
      from: 'run.kept.set(change.version, change)',
      to: `if (run.isLoaded) mergeRows(run, change)
  if (run.isLoaded) run.version = Math.max(run.version, change.version)
  run.kept.set(change.version, change)`,
    },
  ],
  /** m4: the seed's queue. It starts again at every change, and takes out whatever stands first when something is done. */
  'queue of the seed': [
    { file: 'sender.ts', from: 'if (line.isSending) return', to: '' },
    {
      file: 'messages/send-queue.ts',
      from: 'remove(item, { sent: answer })',
      to: `for (const first of lineOf(item.message.room_id).items.slice(0, 1)) remove(first, { sent: answer })`,
    },
  ],
  /** m5: the window's version is the highest that was seen, and not the end of the answer. */
  'highest version': [
    {
      file: 'messages/window.ts',
      from: 'window.version = Math.max(window.version, to)',
      to: 'window.version = Math.max(window.version, to, ...window.kept.keys())',
    },
  ],
  /** m6: lists stand by the time of sending. */
  'sorted by time': [
    {
      file: 'messages/window.ts',
      from: '.sort((a, b) => a.id - b.id)',
      to: '.sort((a, b) => (a.created_at < b.created_at ? -1 : 1))',
    },
  ],
  /** m12: a read position only ever goes up. */
  'markers only rise': [
    {
      file: 'rooms/entry.ts',
      from: 'if (isReadBack(entry)) return',
      to: `const risen: { highest?: number } = entry as object
  risen.highest = Math.max(risen.highest ?? 0, read, entry.readHere?.seq ?? 0)
  if (read < risen.highest) return risen.highest
  if (isReadBack(entry)) return`,
    },
  ],
  /** m16: a row that mentions somebody no more is not heard. */
  'mentions stay': [
    {
      file: 'mentions/known.ts',
      from: 'return [...seqs.filter((seq) => !heard.has(seq)), ...added]',
      to: 'return [...new Set([...seqs, ...added])]',
    },
  ],
  /** m17: a row of one's own that is known stays as it is. */
  'first rows': [
    {
      file: 'own-rows/own-rows.ts',
      from: 'if ((rows.get(id)?.own_version ?? -1) >= row.own_version) return',
      to: 'if (rows.has(id)) return',
    },
  ],
  /** m13: what could not be done at once is forgotten. */
  'impatient actions': [
    {
      file: 'actions/queue.ts',
      from: 'onState: (item) => lineOf(item.action.lane).items.forEach(changed),',
      to: `onState(item) {
      if (item.state === 'waiting' && item.failure) remove(item)
      else lineOf(item.action.lane).items.forEach(changed)
    },`,
    },
  ],
} satisfies Record<string, readonly Plant[]>

export type ClientBugName = keyof typeof clientBugs
/** No bugs: what is waited for is shorter, for runs that must be quick. */
export const shortcuts = {
  /** A scheduled message that a killed backend had taken is taken again sooner. */
  'short leases': {
    file: 'server/own-rows/scheduled-sends.ts',
    from: 'const leaseSeconds = 15',
    to: 'const leaseSeconds = 3',
  },
} satisfies Record<string, Plant>

export type BugName = keyof typeof bugs | keyof typeof shortcuts
export type FailpointName = 'before commit' | 'after commit' | 'before publish' | 'mid broadcast'
