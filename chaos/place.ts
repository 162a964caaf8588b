import type pg from 'pg'
import type { Proxy } from './proxy.ts'

/** Where people meet: the product in either shape, with a network of one's own for everybody who comes. */
export type Place = {
  readonly databaseUrl: string
  /** A network of one's own to what answers browsers. */
  network(): Promise<Proxy>
  forget(proxy: Proxy): Promise<void>
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  /** What has ended by itself. */
  readonly missing: string | undefined
  /** What its processes wrote. */
  readonly output: string
  /** How long somebody who has lost a right may use a token of before; the product's own client throws it away. */
  readonly keptTokenMs: number
  /** A proxy that says 502 for a server that was lost with a request; the client asks again. */
  readonly isBehindProxy: boolean
  stop(): Promise<void>
}
