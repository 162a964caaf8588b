/**
 * An error reply to one command. Codes below 100 belong to SDKs, 100-399 to the protocol, 400-1999 to applications.
 * SDKs try again after a temporary error and after 109 (with a new token); any other ends what was asked for.
 */
export class ReplyError {
  readonly code: number
  readonly message: string
  readonly temporary: boolean

  constructor(code: number, message: string, temporary = false) {
    this.code = code
    this.message = message
    this.temporary = temporary
  }
}

/**
 * The end of a connection. SDKs reconnect after 3000-3499 and 4000-4499 and stay away after 3500-3999 and 4500-4999.
 * The reason travels in a WebSocket close frame: at most 123 bytes, and never valid JSON, which SDKs would interpret.
 */
export class Disconnect {
  readonly code: number
  readonly reason: string

  constructor(code: number, reason: string) {
    this.code = code
    this.reason = reason
  }
}

/** The end of a subscription, told by a push. Below 2500 it is final, from 2500 on SDKs subscribe again. */
export class Unsubscribe {
  readonly code: number
  readonly reason: string

  constructor(code: number, reason: string) {
    this.code = code
    this.reason = reason
  }
}

/** Why a call of the server was refused, with Centrifugo's code. */
export class HubError extends Error {
  readonly code: number

  constructor({ code, message }: { code: number; message: string }) {
    super(message)
    this.code = code
  }
}

export const errors = {
  internal: new ReplyError(100, 'internal server error', true),
  unauthorized: new ReplyError(101, 'unauthorized'),
  unknownChannel: new ReplyError(102, 'unknown channel'),
  permissionDenied: new ReplyError(103, 'permission denied'),
  methodNotFound: new ReplyError(104, 'method not found'),
  alreadySubscribed: new ReplyError(105, 'already subscribed'),
  limitExceeded: new ReplyError(106, 'limit exceeded'),
  badRequest: new ReplyError(107, 'bad request'),
  notAvailable: new ReplyError(108, 'not available'),
  tokenExpired: new ReplyError(109, 'token expired'),
  expired: new ReplyError(110, 'expired'),
  /** Answers an expired token in a subscription refresh: temporary, so that SDKs fetch a new token and try again. */
  expiredRefreshToken: new ReplyError(110, 'expired', true),
  tooManyRequests: new ReplyError(111, 'too many requests', true),
  unrecoverablePosition: new ReplyError(112, 'unrecoverable position'),
} as const

export const disconnects = {
  /** Never sent: the other side closed the connection. */
  connectionClosed: new Disconnect(3000, 'connection closed'),
  shutdown: new Disconnect(3001, 'shutdown'),
  serverError: new Disconnect(3004, 'internal server error'),
  connectionExpired: new Disconnect(3005, 'connection expired'),
  subscriptionExpired: new Disconnect(3006, 'subscription expired'),
  slow: new Disconnect(3008, 'slow'),
  writeError: new Disconnect(3009, 'write error'),
  insufficientState: new Disconnect(3010, 'insufficient state'),
  forceReconnect: new Disconnect(3011, 'force reconnect'),
  noPong: new Disconnect(3012, 'no pong'),
  tooManyRequests: new Disconnect(3013, 'too many requests'),
  stateInvalidated: new Disconnect(3014, 'state invalidated'),
  invalidToken: new Disconnect(3500, 'invalid token'),
  badRequest: new Disconnect(3501, 'bad request'),
  stale: new Disconnect(3502, 'stale'),
  forceDisconnect: new Disconnect(3503, 'force disconnect'),
  connectionLimit: new Disconnect(3504, 'connection limit'),
  channelLimit: new Disconnect(3505, 'channel limit'),
  inappropriateProtocol: new Disconnect(3506, 'inappropriate protocol'),
  permissionDenied: new Disconnect(3507, 'permission denied'),
  notAvailable: new Disconnect(3508, 'not available'),
  tooManyErrors: new Disconnect(3509, 'too many errors'),
} as const

export const unsubscribes = {
  server: new Unsubscribe(2000, 'server unsubscribe'),
  insufficientState: new Unsubscribe(2500, 'insufficient state'),
  expired: new Unsubscribe(2501, 'subscription expired'),
  stateInvalidated: new Unsubscribe(2502, 'state invalidated'),
} as const

/** Why a command was not done: answered with an error, or with the end of the connection. */
export type Refusal = ReplyError | Disconnect

export function isRefusal(value: unknown): value is Refusal {
  return value instanceof ReplyError || value instanceof Disconnect
}
