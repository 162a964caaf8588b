import { useMemo } from 'react'
import type { MessageView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import type { About } from './message-actions.tsx'
import { useConversation } from './pointing.ts'

/** What actions on a message work with. */
export function useAbout(key: string, message: MessageView): About {
  const client = useClient()
  const openDialog = useOpenDialog()
  const conversation = useConversation()
  return useMemo(
    () => makeAbout({ key, message, client, openDialog, conversation }),
    [key, message, client, openDialog, conversation],
  )
}

/**
 * The room is read when it is asked for: it changes with everything that is said, and rows are not to be drawn again for
 * that.
 */
export function makeAbout(about: Omit<About, 'room' | 'isOwn'>): About {
  const { client, message } = about
  return {
    ...about,
    get room() {
      return client.rooms.get(message.room_id).get()
    },
    get isOwn() {
      const session = client.session.get()
      return session.status === 'signed_in' && session.me.id === message.user.id
    },
  }
}
