import type { Client, MentionView } from '@grandchat/client'
import { say } from '../locales/words.ts'
import { toast } from '../ui/toast.tsx'

/** Marks rooms and threads as read up to the last of these that is unread in each; in rooms that can be taken back. */
export function markMentionsRead(client: Client, mentions: readonly MentionView[]): void {
  const unread = mentions.filter(({ isUnread }) => isUnread)
  const rooms = Map.groupBy(
    unread.filter(({ thread_id }) => thread_id === 0),
    ({ room_id }) => room_id,
  )
  const before = [...rooms.keys()].map((roomId) => client.rooms.get(roomId).get()).filter((room) => room !== undefined)
  for (const [roomId, inRoom] of rooms) client.readMarkers.mark(roomId, lastSeq(inRoom))
  for (const { room_id, thread_id, seq } of unread) {
    if (thread_id !== 0 && seq !== null) client.threads.markRead(room_id, thread_id, seq)
  }
  const [first] = before
  if (!first) return
  toast(before.length === 1 ? say('mentions.read', { room: first.title }) : say('mentions.all_read'), {
    label: say('app.undo'),
    run() {
      for (const { id, read_seq } of before) client.readMarkers.markUnread(id, read_seq)
    },
  })
}

function lastSeq(mentions: readonly MentionView[]): number {
  return Math.max(...mentions.map(({ seq }) => seq ?? 0))
}
