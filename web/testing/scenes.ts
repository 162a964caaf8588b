import type { ConnectionState, SessionState, Timeline } from '@grandchat/client'
import type { ErrorCode } from '@grandchat/contracts/errors'
import type { Me } from '@grandchat/contracts/sessions/schema'
import type { User } from '@grandchat/contracts/users/schema'

/** How what is sent ends: 'hang' stays pending, a code refuses it. */
export type Sends = 'ok' | 'hang' | ErrorCode | 'network'

/** Refusals in the shape of the real client's. */
export class FakeRequestError extends Error {
  readonly code: ErrorCode | 'network'
  readonly fields: Record<string, string>
  constructor(code: ErrorCode | 'network', fields: Record<string, string> = {}) {
    super(code)
    this.code = code
    this.fields = fields
  }
}

export const meOf = (user: User, role: Me['role']): Me => ({
  ...user,
  role,
  settings: { push_notifications: { enabled: false, vapid_public_key: '', firebase_config: {} } },
})

/** Who is there in a scene; somebody signed in where nothing is said. */
export const sessions: Record<string, SessionState> = {
  boot: { status: 'loading' },
  unreachable: { status: 'unreachable' },
  set_up: { status: 'set_up', codeRequired: false },
  set_up_code: { status: 'set_up', codeRequired: true },
  signed_out: { status: 'signed_out' },
}

/** How the connection of a scene is; live where nothing is said. */
export const connections: Record<string, ConnectionState> = {
  offline: 'offline',
  polling: 'polling',
  reconnecting: 'reconnecting',
  loading: 'connecting',
}

export const emptyTimeline: Timeline = {
  status: 'ready',
  messages: [],
  pending: [],
  hasOlder: false,
  loadingOlder: false,
  olderFailed: false,
  hasNewer: false,
  loadingNewer: false,
  newerFailed: false,
  target: null,
  dividerAfterSeq: null,
}
