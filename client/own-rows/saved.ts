import type { Client } from '../client.ts'
import type { Environment } from '../environment.ts'
import { type Observable, derive } from '../observable.ts'
import { timeOf } from './moments.ts'
import type { Keep, OwnRows } from './own-rows.ts'

/** Messages that the viewer put aside for later, the last one first. */
export function createSaved(environment: Environment, ownRows: OwnRows, keep: Keep): Client['saved'] {
  const rows = ownRows.of('saved')
  const marks = new Map<number, Observable<boolean>>()
  return {
    list: derive(rows, (saved) => [...saved.values()].sort((a, b) => (a.saved_at < b.saved_at ? 1 : -1))),
    has(messageId) {
      const mark = marks.get(messageId) ?? derive(rows, (saved) => saved.has(String(messageId)))
      marks.set(messageId, mark)
      return mark
    },
    set(roomId, messageId, isSaved) {
      const saved_at = timeOf(environment.now())
      const value = isSaved ? { room_id: roomId, message_id: messageId, saved_at } : null
      keep({ kind: 'saved', key: String(messageId), value })
    },
  }
}
