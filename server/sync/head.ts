import { sql } from 'kysely'
import type { Head } from '@grandchat/contracts/sync/schema'
import type { Database } from '../database/database.ts'

/** Between two looks at the database, however many clients ask. */
const intervalMs = 1_000

/** Once a minute, spread so that clients do not come together. */
export function nextHeadSeconds(): number {
  return 50 + Math.floor(Math.random() * 20)
}

type UserHead = { user_version: number; workspace_version: number; rooms: [number, number][] }
type ReadHeads = (userIds: readonly number[]) => Promise<ReadonlyMap<number, UserHead>>
type Question = { userId: number; resolve: (head: UserHead) => void; reject: (error: unknown) => void }

/**
 * Answers whether anything is new. After a break everybody asks at once: who comes while the database was just asked
 * waits for the next look, a second later at most, and all who wait share it. A look is taken after the question came,
 * so an answer is never older than its question.
 */
export class Heads {
  readonly #epoch: string
  readonly #read: ReadHeads
  #waiting: Question[] = []
  #restsUntil = 0

  constructor(epoch: string, read: ReadHeads) {
    this.#epoch = epoch
    this.#read = read
  }

  /** The caller's heads, or undefined if they are the ones that the digest describes. */
  async of(userId: number, digest: string | undefined): Promise<Head | undefined> {
    const { rooms, user_version, workspace_version } = await this.#head(userId)
    if (digest === digestOf(this.#epoch, workspace_version, user_version, rooms)) return undefined
    return { epoch: this.#epoch, workspace_version, user_version, rooms, next_s: nextHeadSeconds() }
  }

  #head(userId: number): Promise<UserHead> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ userId, resolve, reject }) > 1) return
      const rest = this.#restsUntil - performance.now()
      if (rest <= 0) setImmediate(() => void this.#look())
      else setTimeout(() => void this.#look(), rest)
    })
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    const questions = this.#waiting.splice(0)
    this.#restsUntil = performance.now() + intervalMs
    try {
      const heads = await this.#read([...new Set(questions.map(({ userId }) => userId))])
      for (const { userId, resolve, reject } of questions) {
        const head = heads.get(userId)
        if (head) resolve(head)
        else reject(new Error('the user is gone'))
      }
    } catch (error) {
      for (const { reject } of questions) reject(error)
    }
  }
}

export async function readHeads(db: Database, userIds: readonly number[]): Promise<Map<number, UserHead>> {
  const { rows } = await sql<Omit<UserHead, 'rooms'> & { id: number; rooms: [number, number][] | null }>`
    select u.id, u.version as user_version, w.version as workspace_version, (
      select json_agg(json_build_array(r.id, r.version))
      from memberships m join rooms r on r.id = m.room_id
      where m.user_id = u.id and m.left_at is null
    ) as rooms
    from users u, workspace w where u.id = any (${[...userIds]}::bigint[])`.execute(db)
  return new Map(rows.map(({ id, rooms, ...versions }) => [id, { ...versions, rooms: rooms ?? [] }]))
}

/** Equal user version means an equal set of rooms, and versions only rise: so an equal sum means that nothing is missing. */
function digestOf(epoch: string, workspaceVersion: number, userVersion: number, heads: [number, number][]): string {
  const sum = heads.reduce((total, [, version]) => total + version, 0)
  return `${epoch}.${workspaceVersion}.${userVersion}.${sum}`
}
