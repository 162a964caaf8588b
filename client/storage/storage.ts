import type { Forwarded } from '@grandchat/contracts/messages/schema'
import type { StoredAction } from '../actions/action.ts'
import type { SendFailure } from '../client.ts'
import type { CacheStorage } from './cache-storage.ts'
import type { Tabs } from './tabs.ts'

/** A message that is not known to have arrived; kept until it is, or until its author discards it. */
export type OutgoingMessage = {
  client_message_id: string
  user_id: number
  room_id: number
  /** Of a message that is forwarded: what its server will copy. */
  content: string
  created_at: string
  reply_to?: number
  thread_id?: number
  forward?: Forwarded
  /** The server refused it for good: it waits for its author to decide. */
  failure?: SendFailure
}

/**
 * What outlives a tab, and is shared by those that are open. Every method may reject, and none takes long: the client
 * then goes on from memory.
 */
export type ClientStorage = {
  outgoing: {
    /** In the order in which they were written, whichever tab wrote them. */
    list: (userId: number) => Promise<readonly OutgoingMessage[]>
    /** Keeps a new message; one that is kept already stays as it is. */
    add: (message: OutgoingMessage) => Promise<void>
    /** Notes why a message was refused, or that it is tried again; one that is gone stays gone. */
    setFailure: (clientMessageId: string, failure: SendFailure | undefined) => Promise<void>
    remove: (clientMessageId: string) => Promise<void>
    /** Removes everything of one user. */
    clear: (userId: number) => Promise<void>
  }
  /** What the viewer has done and the server is not known to have; kept like messages. */
  actions: ActionStorage
  tabs: Tabs
  /** What is known for the next start; without it a client begins with nothing. */
  cache?: CacheStorage | undefined
}

export type ActionStorage = {
  /** In the order in which they were done, whichever tab did them. */
  list: (userId: number) => Promise<readonly StoredAction[]>
  /** Keeps a new one, at the end, in the place of those with these ids. */
  add: (action: StoredAction, replaces: readonly string[]) => Promise<void>
  /** Notes why it was refused, or that it is tried again; one that is gone stays gone. */
  setFailure: (id: string, failure: SendFailure | undefined) => Promise<void>
  remove: (id: string) => Promise<void>
  clear: (userId: number) => Promise<void>
}
