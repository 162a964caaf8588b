import type { CachedThread, CachedThreadWindow, CacheTransaction } from '../storage/cache-storage.ts'

/** Followed threads that are kept: those written in last. */
export const maxThreads = 50
/** Threads whose messages are kept; those longest out of use go first. */
export const maxThreadWindows = 20

type ThreadRows = { threads: readonly CachedThread[]; threadWindows: readonly CachedThreadWindow[] }

/** Each keeps the newer of two, and of rooms that were left nothing stays. Returns the threads whose messages are kept. */
export async function mergeThreads(
  transaction: CacheTransaction,
  { threads, threadWindows }: ThreadRows,
  order: readonly number[],
  left: ReadonlySet<number>,
): Promise<readonly number[]> {
  const isOwn = async (roomId: number) => (await transaction.get('rooms', roomId))?.own.left_at === null
  const recent = order.slice(-maxThreadWindows)
  const kept = new Set(recent)
  await Promise.all([
    ...threads.map(async (mine) => {
      const [known, isMine] = await Promise.all([transaction.get('threads', mine.id), isOwn(mine.room_id)])
      if (isMine) transaction.put('threads', mergeThread(known, mine))
    }),
    ...threadWindows.map(async (mine) => {
      const [known, isMine] = await Promise.all([transaction.get('threadWindows', mine.id), isOwn(mine.room_id)])
      if (isMine && kept.has(mine.id) && !isNewer(known, mine)) transaction.put('threadWindows', mine)
    }),
  ])
  if (threads.length > 0 || left.size > 0) await pruneThreads(transaction, left)
  for (const id of order.slice(0, -maxThreadWindows)) transaction.delete('threadWindows', id)
  return left.size > 0 ? pruneWindows(transaction, recent, left) : recent
}

export function replaceThreads(
  transaction: CacheTransaction,
  { threads, threadWindows }: ThreadRows,
  order: readonly number[],
): readonly number[] {
  const recent = order.slice(-maxThreadWindows)
  const kept = new Set(recent)
  for (const thread of threads) transaction.put('threads', thread)
  for (const window of threadWindows) if (kept.has(window.id)) transaction.put('threadWindows', window)
  return recent
}

/** Its messages may be known to one tab and not to another. */
function mergeThread(stored: CachedThread | undefined, mine: CachedThread): CachedThread {
  if (!stored) return mine
  const row = stored.row.version > mine.row.version ? stored.row : mine.row
  const messages = [row.id, row.last_message_id].flatMap((id) => {
    const found = [...stored.messages, ...mine.messages].filter((message) => message.id === id)
    return found.sort((a, b) => b.version - a.version).slice(0, 1)
  })
  return { ...mine, row, messages }
}

function isNewer(known: CachedThreadWindow | undefined, mine: CachedThreadWindow): boolean {
  return known !== undefined && known.version > mine.version
}

async function pruneThreads(transaction: CacheTransaction, left: ReadonlySet<number>): Promise<void> {
  const all = await transaction.getAll('threads')
  const isLeft = ({ room_id }: CachedThread) => left.has(room_id)
  const timeOf = ({ row }: CachedThread) => row.last_message_at ?? ''
  const newestFirst = all.filter((thread) => !isLeft(thread)).toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))
  for (const { id } of [...all.filter(isLeft), ...newestFirst.slice(maxThreads)]) transaction.delete('threads', id)
}

async function pruneWindows(
  transaction: CacheTransaction,
  recent: readonly number[],
  left: ReadonlySet<number>,
): Promise<readonly number[]> {
  const gone = (await transaction.getAll('threadWindows')).filter(({ room_id }) => left.has(room_id))
  for (const { id } of gone) transaction.delete('threadWindows', id)
  return recent.filter((id) => !gone.some((window) => window.id === id))
}
