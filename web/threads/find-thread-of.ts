import type { Client } from '@grandchat/client'

/** The thread that a message was said in, for one that its room's own conversation does not have; undefined if it is gone. */
export function findThreadOf(
  messages: Pick<Client['messages'], 'get'>,
  roomId: number,
  messageId: number,
): Promise<number | undefined> {
  const found = messages.get(roomId, messageId)
  return new Promise((resolve) => {
    const look = () => {
      const message = found.get()
      if (message === 'loading') return
      unsubscribe()
      resolve(message === 'gone' || message.thread_id === 0 ? undefined : message.thread_id)
    }
    const unsubscribe = found.subscribe(look)
    look()
  })
}
