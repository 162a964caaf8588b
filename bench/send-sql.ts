import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { defaultLaneLimits } from '../server/rooms/lanes.ts'
import { messageText } from './api.ts'
import type { Installation } from './installation.ts'
import type { Scope } from './scope.ts'
import type { Somebody } from './world.ts'

/** As many sends as the server puts into one batch when they wait. */
const batchSize = 64

export type SqlSender = {
  /** Sends per second that PostgreSQL takes from us alone. */
  measure(rooms: readonly number[], seconds: number): Promise<number>
}

/**
 * The baseline: the function that the server calls, called in the best shape that the server could reach. A room has one
 * connection at a time: one room gets full batches over one connection, many rooms get single sends over as many
 * connections as the server's lanes may hold.
 */
export async function openSqlSender(
  scope: Scope,
  installation: Installation,
  users: readonly Somebody[],
): Promise<SqlSender> {
  const connectionString = await installation.databaseUrl()
  const clients = await Promise.all(
    Array.from({ length: defaultLaneLimits.maxRunning }, async () => {
      const client = new pg.Client({ connectionString })
      client.on('error', () => undefined)
      await client.connect()
      scope.onEnd(() => client.end())
      return client
    }),
  )
  let turn = 0

  async function sendBatch(client: pg.Client, roomId: number, size: number): Promise<void> {
    const authors = Array.from({ length: size }, () => users[turn++ % users.length]!.id)
    const keys = authors.map(() => randomUUID())
    const texts = authors.map(() => messageText)
    await client.query('select * from send_messages($1, $2::bigint[], $3::uuid[], $4::text[])', [
      roomId,
      authors,
      keys,
      texts,
    ])
  }

  return {
    async measure(rooms, seconds) {
      const isOneRoom = rooms.length === 1
      const size = isOneRoom ? batchSize : 1
      const start = performance.now()
      const end = start + seconds * 1000
      let sent = 0
      const work = async (client: pg.Client, first: number) => {
        for (let n = first; performance.now() < end; n += clients.length) {
          await sendBatch(client, rooms[n % rooms.length]!, size)
          sent += size
        }
      }
      await Promise.all(clients.slice(0, isOneRoom ? 1 : clients.length).map(work))
      return sent / ((performance.now() - start) / 1000)
    },
  }
}
