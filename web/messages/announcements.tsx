import { useEffect, useRef, useState } from 'react'
import { say } from '../locales/words.ts'
import { useMarkdown } from '../markdown/load.ts'
import { displayName } from '../users/names.ts'
import type { Item } from './items.ts'

const longestAnnounced = 300
/** After a while elsewhere many may have come at once. */
const mostAnnounced = 5

type AnnouncementsProps = { items: readonly Item[]; viewerId: number; ready: boolean }

/** Reads out what others write while the room is open: each message once, however often its row is drawn. */
export function Announcements({ items, viewerId, ready }: AnnouncementsProps) {
  const announced = useRef<number | null>(null)
  const [text, setText] = useState('')
  const markdown = useMarkdown(true)

  useEffect(() => {
    if (!ready) return
    const newest = items.findLast((item) => item.message !== undefined)?.message?.id ?? 0
    const before = announced.current
    announced.current = Math.max(newest, before ?? 0)
    if (before === null) return
    const fresh = items.filter(
      ({ kind, user, message }) => message && message.id > before && kind === 'user' && user.id !== viewerId,
    )
    const said = fresh.slice(-mostAnnounced).map((item) => announce(item, markdown?.toPlainText(item.content)))
    if (said.length > 0) setText(said.join('\n'))
  }, [items, viewerId, ready, markdown])

  return (
    <div aria-live="polite" data-announcements className="sr-only">
      {text}
    </div>
  )
}

function announce({ user, content }: Item, plain = content): string {
  return say('messages.announce', { name: displayName(user), text: plain.slice(0, longestAnnounced) })
}
