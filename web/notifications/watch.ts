import type { Client, RoomView } from '@grandchat/client'
import type { Me } from '@grandchat/contracts/sessions/schema'
import { say } from '../locales/words.ts'
import { toPlainText } from '../markdown/plain-text.ts'
import { navigate, parseRoute, paths } from '../router.tsx'
import { displayName } from '../users/names.ts'
import { beep } from './beep.ts'
import { quietUntil, showing, sound } from './choices.ts'
import { takeTurns } from './turn.ts'
import { wantsToHear } from './wants.ts'

/** What is older came while nobody was connected: the rooms say that it is unread. */
const newsForMs = 60_000

/** How far a room was known: its newest message, and the seq of that. */
type Known = { messageId: number; seq: number }

type Watched = { rooms: Pick<Client['rooms'], 'list'> }

/** Shows a notification for what others say, until the returned function is called. */
export function watchForNews({ rooms }: Watched, me: Me): () => void {
  let hasTurn = false
  let known: Map<number, Known> | undefined
  const stopTurns = takeTurns(navigator.locks, `grandchat:notify:${me.id}`, (has) => (hasTurn = has))

  const look = () => {
    const { status, rooms: now } = rooms.list.get()
    if (status !== 'ready') return
    const before = known
    known = new Map(
      now.map(({ id, last_message, last_seq }) => {
        const messageId = Math.max(before?.get(id)?.messageId ?? 0, last_message?.id ?? 0)
        return [id, { messageId, seq: last_seq }]
      }),
    )
    if (!before) return
    for (const room of now) {
      const { messageId, seq } = before.get(room.id) ?? { messageId: 0, seq: 0 }
      if (!isNews(room, messageId) || !wantsToHear(room, me.id, seq)) continue
      if (hasTurn && mayDisturb(room.id)) show(room)
    }
  }
  look()
  const stopLooking = rooms.list.subscribe(look)
  return () => {
    stopLooking()
    stopTurns()
  }
}

function isNews({ last_message }: RoomView, knownId: number): boolean {
  return (
    last_message !== null && last_message.id > knownId && Date.now() - Date.parse(last_message.created_at) < newsForMs
  )
}

function mayDisturb(roomId: number): boolean {
  if (showing.get() === 'off' || Date.now() < quietUntil.get()) return false
  const route = parseRoute(location.pathname)
  const isOnScreen = route.name === 'room' && route.roomId === roomId && document.visibilityState === 'visible'
  return !(isOnScreen && document.hasFocus())
}

function show({ id, title, kind, last_message }: RoomView): void {
  if (!last_message || !('Notification' in globalThis) || Notification.permission !== 'granted') return
  const name = displayName(last_message.user)
  const heading = kind === 'direct' ? name : say('switcher.message', { name, room: title })
  const notification = create(heading, {
    body: toPlainText(last_message.content),
    tag: `room-${id}`,
    icon: '/favicon.svg',
  })
  if (sound.get() === 'on') beep()
  notification?.addEventListener('click', () => {
    window.focus()
    navigate(paths.message(id, last_message.id))
    notification.close()
  })
}

/** Some phones know the word and refuse to do it from a page. */
function create(heading: string, options: NotificationOptions): Notification | undefined {
  try {
    return new Notification(heading, { ...options, silent: true })
  } catch {
    return undefined
  }
}
