import type { Disconnect } from './codes.ts'
import type { TransportMetrics } from './metrics.ts'
import type { Encoded } from './protocol.ts'

/** The way to one client. It hands what arrives to `Client.receive` and its end to `Client.transportClosed`. */
export type Transport = {
  readonly metrics: TransportMetrics
  /** A secret name, where what the client sends comes by requests of its own. */
  readonly session?: string | undefined
  /** Bytes that were written and have not left the process. */
  readonly bufferedBytes: number
  /** Writes messages as one frame. */
  write(messages: Encoded[]): void
  /** Tells the other side why, after all that was written. 3000 is never told. */
  close(disconnect: Disconnect): void
  /** Stops reading, so that the other side feels that commands wait here. */
  pause(): void
  resume(): void
}
