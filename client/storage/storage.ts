/** A message that is not known to have arrived; kept until it is, or until its author discards it. */
export type OutgoingMessage = {
  client_message_id: string
  user_id: number
  room_id: number
  content: string
  created_at: string
}

/** What outlives a reload. Every method may reject; the client then goes on from memory. */
export type ClientStorage = {
  outgoing: {
    /** In the order in which they were put. */
    list: (userId: number) => Promise<readonly OutgoingMessage[]>
    put: (message: OutgoingMessage) => Promise<void>
    remove: (clientMessageId: string) => Promise<void>
  }
}
