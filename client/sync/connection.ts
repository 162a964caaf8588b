import type { ConnectionState } from '../client.ts'
import type { Environment } from '../environment.ts'
import type { Observable } from '../observable.ts'
import type { MakeSource } from '../source.ts'

/** `starting`: the first attempt is not over. */
export type SocketState = 'starting' | 'up' | 'down'
export type Reach = 'unknown' | 'ok' | 'failed'

export type Connection = {
  state: Observable<ConnectionState>
  setSocket: (socket: SocketState) => void
  setReach: (reach: Reach) => void
  /** The network's signal may have changed. */
  changed: () => void
}

/** What the socket, the last look by REST and the device say, as a person understands it. */
export function createConnection(environment: Environment, source: MakeSource): Connection {
  let socket: SocketState = 'starting'
  let reach: Reach = 'unknown'
  let shown: ConnectionState = 'connecting'
  const state = source(() => shown)

  function find(): ConnectionState {
    if (socket === 'up') return 'live'
    if (!environment.isOnline() && reach !== 'ok') return 'offline'
    if (socket === 'starting' && reach !== 'failed') return 'connecting'
    return reach === 'ok' ? 'polling' : 'reconnecting'
  }

  function changed() {
    const next = find()
    if (next === shown) return
    shown = next
    state.changed()
  }

  return {
    state,
    changed,
    setSocket(next) {
      // What REST said before the socket fell says nothing about now.
      if (socket === 'up' && next !== 'up') reach = 'unknown'
      socket = next
      changed()
    },
    setReach(next) {
      reach = next
      changed()
    },
  }
}
