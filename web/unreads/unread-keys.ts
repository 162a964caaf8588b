import type { KeyboardEvent } from 'react'
import type { Client } from '@grandchat/client'
import { markRoomRead } from '../rooms/mark-all-read.ts'
import { isShortcut } from '../shortcuts/shortcuts.ts'

const sectionOf = (element: Element | null) => element?.closest<HTMLElement>('[data-unread-room]') ?? null

/** The keys of the page: from room to room, into its messages, and done with it. */
export function handleUnreadKeys(event: KeyboardEvent<HTMLElement>, client: Client): void {
  const { target, currentTarget: page } = event
  if (event.defaultPrevented || !(target instanceof Element) || target.closest('textarea, input')) return
  const section = sectionOf(target)
  if (isShortcut(event, 'next_unread')) goToRoom(page, section, 1)
  else if (isShortcut(event, 'last_unread')) goToRoom(page, section, -1)
  else if (isShortcut(event, 'into_messages') && section) focusMessage(section)
  else if (isShortcut(event, 'room_read') && section) {
    const room = client.rooms.get(Number(section.dataset['unreadRoom'])).get()
    if (room) markRoomRead(client, room)
  } else return
  event.preventDefault()
}

/** Where the messages of a room end: above is its heading, below the next room. */
export function goPast(from: HTMLElement | null, step: 1 | -1): void {
  const section = sectionOf(from)
  if (step === -1) return focusHeading(section)
  const page = from?.closest<HTMLElement>('[data-unreads]')
  const next = page && neighbour(page, section, 1)
  if (next && !focusMessage(next)) focusHeading(next)
}

export function focusHeading(section: HTMLElement | null | undefined): void {
  const link = section?.querySelector<HTMLElement>('h2 a')
  link?.focus({ preventScroll: true })
  section?.scrollIntoView({ block: 'start' })
}

function goToRoom(page: HTMLElement, section: HTMLElement | null, step: 1 | -1): void {
  focusHeading(neighbour(page, section, step) ?? section)
}

function neighbour(page: HTMLElement, section: HTMLElement | null, step: 1 | -1): HTMLElement | undefined {
  const all = [...page.querySelectorAll<HTMLElement>('[data-unread-room]')]
  const at = section ? all.indexOf(section) : -1
  return all[at === -1 ? (step === 1 ? 0 : all.length - 1) : at + step]
}

/** The first one; false if none is shown. */
function focusMessage(section: HTMLElement): boolean {
  const message = section.querySelector<HTMLElement>('article[data-key]')
  message?.focus({ preventScroll: true })
  message?.scrollIntoView({ block: 'nearest' })
  return message !== null
}
