import { useEffect } from 'react'
import type { Client } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { toast } from '../ui/toast.tsx'

/** Marks every room as read; for a while that can be taken back. */
export function markAllRead({ rooms, readMarkers }: Client): void {
  const before = rooms.list.get().rooms.filter(({ unread }) => unread > 0)
  if (before.length === 0) return
  readMarkers.markAll()
  toast(say('rooms.all_read'), {
    label: say('app.undo'),
    run() {
      for (const { id, read_seq } of before) readMarkers.markUnread(id, read_seq)
    },
  })
}

/** Shift+Escape, unless something open takes Escape for itself. */
export function useMarkAllReadKey(): void {
  const client = useClient()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, shiftKey, altKey, ctrlKey, metaKey, defaultPrevented } = event
      if (key !== 'Escape' || !shiftKey || altKey || ctrlKey || metaKey || defaultPrevented) return
      if (document.querySelector('[role=dialog], [role=menu], dialog[open]')) return
      event.preventDefault()
      markAllRead(client)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [client])
}
