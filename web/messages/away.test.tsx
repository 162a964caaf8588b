import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { RoomView } from '@grandchat/client'
import { limits } from '@grandchat/contracts/limits'
import { makeMessage, timeOf } from '../testing/fake-room.ts'
import { person } from '../testing/people.ts'
import { findComposer, renderApp } from '../testing/render-app.tsx'
import { awayOf, returnTo } from './away.ts'

const now = Date.parse('2026-11-24T14:10:00Z')
const ago = (minutes: number) => timeOf(new Date(now - minutes * 60_000))
const said = (seq: number, by: string, minutes: number) => makeMessage(1, person(by), `${seq}`, seq, ago(minutes))
const found = (afterSeq: number, lastSeq: number, mentions: number | undefined = 0) => ({ afterSeq, lastSeq, mentions })
const many = Array.from({ length: 40 }, (_, i) => said(i + 1, i % 2 ? 'jonas' : 'priya', 40 - i))

test('of many new messages one is told how many, since when and by whom', () => {
  const away = awayOf(found(10, 40, 3), { messages: many, hasOlder: true }, now)
  expect(away).toMatchObject({ count: 30, mentions: 3, since: many[10]?.created_at })
  expect(away?.users?.map(({ username }) => username)).toEqual(['jonas', 'priya'])
})

test('what is not loaded is left out, not guessed', () => {
  const away = awayOf(found(0, 40), { messages: many.slice(5), hasOlder: true }, now)
  expect(away).toEqual({ count: 40, mentions: 0, since: undefined, users: undefined })
})

test('what was said after the room was opened is not counted in', () => {
  const away = awayOf(found(0, 39), { messages: many, hasOlder: false }, now)
  expect(away?.count).toBe(39)
  expect(away?.users?.[0]?.username).toBe('priya')
})

test('a few are worth a word only after a while', () => {
  const fresh = [1, 2, 3, 4, 5].map((seq) => said(seq, 'jonas', 30))
  const old = [1, 2, 3, 4, 5].map((seq) => said(seq, 'jonas', 300))
  const awayFor = (messages: typeof fresh) => awayOf(found(0, messages.length), { messages, hasOlder: false }, now)
  expect(awayFor(fresh)).toBeUndefined()
  expect(awayFor(old)?.count).toBe(5)
  expect(awayFor(old.slice(1))).toBeUndefined()
})

test('mentions are those above where one was, and none is named where the list was cut', () => {
  const room = (mentions: number[]) => ({ last_seq: 1_000, unread_mentions: mentions }) as unknown as RoomView
  expect(returnTo(room([3, 8, 9]), { dividerAfterSeq: 5 })?.mentions).toBe(2)
  const cut = Array.from({ length: limits.unreadMentions }, (_, i) => i + 10)
  expect(returnTo(room(cut), { dividerAfterSeq: 5 })).toEqual({ afterSeq: 5, lastSeq: 1_000, mentions: undefined })
  expect(returnTo(room([]), { dividerAfterSeq: null })).toBeUndefined()
})

async function open() {
  const client = await renderApp('/rooms/6')
  await findComposer()
  return { client, strip: await screen.findByRole('region', { name: 'While you were away' }) }
}

test('the strip tells it once, leads to the first, and is put away', async () => {
  const { strip } = await open()
  expect(strip.textContent).toMatch(/40 new messages since .* · 5 people/)
  const live = strip.querySelector('[aria-live]')
  await waitFor(() => expect(live?.textContent).toMatch(/^40 new messages since .*people$/))
  const announced = live?.textContent
  fireEvent.click(within(strip).getByRole('button', { name: 'Jump to the first' }))
  expect(live?.textContent).toBe(announced)
  fireEvent.click(within(strip).getByRole('button', { name: 'Put this away' }))
  await waitFor(() => expect(screen.queryByRole('region', { name: 'While you were away' })).toBeNull())
  expect(document.activeElement?.tagName).toBe('TEXTAREA')
})

test('the room is marked as read from the strip, and that can be taken back', async () => {
  const { client, strip } = await open()
  // The list of a test shows its end at once, which is read by that.
  const before = client.rooms.get(6).get()!.last_seq - 40
  act(() => client.readMarkers.markUnread(6, before))
  fireEvent.click(await within(strip).findByRole('button', { name: 'Mark as read' }))
  await waitFor(() => expect(client.rooms.get(6).get()?.unread).toBe(0))
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
  await waitFor(() => expect(client.rooms.get(6).get()?.read_seq).toBe(before))
})

test('of a few new messages nothing is said', async () => {
  await renderApp('/rooms/1')
  await findComposer()
  expect(screen.queryByRole('region', { name: 'While you were away' })).toBeNull()
})
