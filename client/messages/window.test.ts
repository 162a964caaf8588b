import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import type { RoomChange } from '../sync/change.ts'
import { mergeRows, receiveChange } from './run.ts'
import { type Window, createWindow, hasOlder, mergeOlder, mergeRepair, sortedRows, startWith, trim } from './window.ts'

const user = { id: 2, username: 'bob', display_name: null }
const time = '2026-11-22T09:00:00.000000Z'

function row(id: number, version: number): MessageRow {
  const times = { edited_at: null, deleted_at: null, created_at: time }
  const plain = { thread_id: 0, system: null, reply_to: null, forwarded: null, mentions: null, client_message_id: null }
  const content = `${id} at ${version}`
  return { id, room_id: 1, seq: id, version, kind: 'user', user, content, ...plain, ...times }
}

const noneAttached = { reactions: [], pins: [], threads: [] }

const rows = (messages: MessageRow[]) => ({ messages, ...noneAttached })

const change = (id: number, version: number): RoomChange => ({
  room_id: 1,
  version,
  messages: [row(id, version)],
  members: [],
  ...noneAttached,
})

function page(version: number, messages: MessageRow[], more = false): HistoryPage {
  const results = messages.map((one) => ({ ...one, room: { id: 1, version, bumped_at: time } }))
  return { results, version, more, ...noneAttached }
}

/** A window at version 10 that holds the messages 5 and 6, with older ones below. */
function loaded(): Window {
  const window = createWindow(1)
  startWith(window, page(10, [row(6, 10), row(5, 8)], true))
  return window
}

const shown = (window: Window) => sortedRows(window).map(({ content }) => content)

test('an event of the next version moves the window', () => {
  const window = loaded()
  receiveChange(window, change(7, 11))
  assert.deepEqual([window.version, shown(window)], [11, ['5 at 8', '6 at 10', '7 at 11']])
})

test('an event that the window knows is dropped', () => {
  const window = loaded()
  receiveChange(window, change(4, 10))
  receiveChange(window, change(6, 9))
  assert.deepEqual([window.version, shown(window)], [10, ['5 at 8', '6 at 10']])
})

test('an event from further on is shown once those before it have come', () => {
  const window = loaded()
  receiveChange(window, change(8, 12))
  assert.deepEqual([window.version, shown(window)], [10, ['5 at 8', '6 at 10']])
  receiveChange(window, change(7, 11))
  assert.deepEqual([window.version, shown(window)], [12, ['5 at 8', '6 at 10', '7 at 11', '8 at 12']])
})

test('events that came while the first page was on its way follow it', () => {
  const window = createWindow(1)
  for (const version of [9, 10, 11]) receiveChange(window, change(version, version))
  startWith(window, page(10, [row(10, 10), row(9, 9)]))
  assert.deepEqual([window.version, shown(window)], [11, ['9 at 9', '10 at 10', '11 at 11']])
})

test('the answer to a send adds its row and leaves the version alone', () => {
  const window = loaded()
  mergeRows(window, rows([row(9, 14)]))
  mergeRows(window, rows([row(9, 13)]))
  assert.deepEqual([window.version, shown(window)], [10, ['5 at 8', '6 at 10', '9 at 14']])
})

test('an older page gets the changes that the window has seen since and could not place', () => {
  const window = loaded()
  receiveChange(window, change(3, 11))
  assert.equal(mergeOlder(window, page(10, [row(4, 7), row(3, 2)], true)), true)
  assert.deepEqual(shown(window), ['3 at 11', '4 at 7', '5 at 8', '6 at 10'])
  assert.deepEqual([window.version, window.low], [11, 3])
})

test('an older page from before what is kept is refused, and nothing is merged', () => {
  const window = loaded()
  for (let version = 11; version <= 10 + 300; version++) receiveChange(window, change(6, version))
  assert.equal(mergeOlder(window, page(10, [row(4, 7)])), false)
  assert.deepEqual([shown(window).length, window.low], [2, 5])
})

test('a page that is newer than the window moves nothing', () => {
  const window = loaded()
  assert.equal(mergeOlder(window, page(15, [row(4, 14)])), true)
  assert.equal(window.version, 10)
  assert.equal(hasOlder(window), false)
  receiveChange(window, change(4, 11))
  assert.deepEqual(shown(window), ['4 at 14', '5 at 8', '6 at 10'])
})

test('a repair moves the window to its end, and on over what is kept', () => {
  const window = loaded()
  receiveChange(window, change(9, 14))
  mergeRepair(window, rows([row(5, 12), row(8, 13)]), 13)
  assert.deepEqual([window.version, shown(window)], [14, ['5 at 12', '6 at 10', '8 at 13', '9 at 14']])
})

test('a repair that was overtaken by events does not take the window back', () => {
  const window = loaded()
  receiveChange(window, change(6, 11))
  receiveChange(window, change(6, 12))
  mergeRepair(window, rows([row(6, 11)]), 11)
  assert.deepEqual([window.version, shown(window)], [12, ['5 at 8', '6 at 12']])
})

test('a window that is cut short no longer follows what it let go', () => {
  const window = loaded()
  trim(window, 1)
  receiveChange(window, change(5, 11))
  assert.deepEqual([window.version, window.low, shown(window), hasOlder(window)], [11, 6, ['6 at 10'], true])
})

test('a room without messages begins with the first', () => {
  const window = createWindow(1)
  startWith(window, page(1, []))
  receiveChange(window, change(1, 2))
  assert.deepEqual([window.version, shown(window), hasOlder(window)], [2, ['1 at 2'], false])
})
