export { Disconnect, disconnects, errors, ReplyError, Unsubscribe, unsubscribes } from './codes.ts'
export { Hub, HubError } from './hub.ts'
export type {
  BroadcastResponse,
  DisconnectOptions,
  HistoryOptions,
  HistoryPublication,
  HistoryResult,
  HubPublishOptions,
  PresentClient,
  PublishResult,
} from './hub.ts'
export { clientDefaults } from './options-resolve.ts'
export type {
  ChannelOptions,
  ClientOptions,
  HubOptions,
  Logger,
  Namespace,
  RpcHandler,
  TokenAlgorithm,
  TokenOptions,
} from './options.ts'
export type { StreamPosition } from './protocol.ts'
export type { Revocation } from './tokens.ts'
