import type { Hub } from '../hub.ts'

/** What the server API needs of a hub. */
export type ApiHub = Pick<
  Hub,
  | 'publish'
  | 'broadcast'
  | 'subscribe'
  | 'unsubscribe'
  | 'disconnect'
  | 'refresh'
  | 'presentClients'
  | 'presenceStats'
  | 'keptHistory'
  | 'historyRemove'
  | 'channels'
  | 'info'
  | 'metrics'
>
