import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Content, HistoryQuery, NewMessage } from '@grandchat/contracts/messages/schema'
import { IdAsKey, IdInPath, NumberInQuery } from '@grandchat/contracts/primitives'
import { isEmoji } from '@grandchat/contracts/reactions/emoji'
import { RoomName, RoomSearchQuery } from '@grandchat/contracts/rooms/schema'
import { isVisible } from '@grandchat/contracts/text'
import { Email, Password, Username } from '@grandchat/contracts/users/schema'
import type { z } from 'zod'
import { networkOf } from '../sessions/throttle.ts'

const parse = (schema: z.ZodType) => (text: string) => schema.safeParse(text)

/** Everything that looks at text of people before its length is bounded. */
const checks: Record<string, (text: string) => unknown> = {
  'message text': parse(Content),
  'a client_message_id': (text) => NewMessage.safeParse({ content: 'x', client_message_id: text }),
  'ids in a query': (text) => HistoryQuery.safeParse({ ids: text }),
  'an emoji': isEmoji,
  'a room name': parse(RoomName),
  'a search': (text) => RoomSearchQuery.safeParse({ q: text }),
  'a username': parse(Username),
  'a password': parse(Password),
  'an e-mail address': parse(Email),
  'an id in a path': parse(IdInPath),
  'an id as a key': parse(IdAsKey),
  'a number in a query': parse(NumberInQuery),
  'the visibility of a text': isVisible,
  'an address': networkOf,
}

const length = 2 ** 18
const fill = (piece: string) => piece.repeat(length / piece.length)
const texts: Record<string, string> = {
  letters: fill('a'),
  digits: fill('1'),
  'spaces and a letter at the end': `${fill(' ')}a`,
  'spaces between letters': `a${fill(' ')}a`,
  'letters and spaces in turn': fill('a '),
  'newlines of Windows': fill('\r\n'),
  'what nobody sees': fill('\u200b'),
  'blank Braille and a letter': `${fill('\u2800')}a`,
  'marks in the wrong order': `a${fill('\u0301\u0316')}`,
  'dashes and dots': fill('-.'),
  'addresses without end': `a@${fill('a.')}`,
  'an address of many parts': `${fill('a.')}@example.com`,
  'address after address': fill('a@a.'),
  'hexadecimal digits and dashes': fill('0d3b7a54-1f0e-4a'),
  'colons and digits': fill(':1'),
  backslashes: fill('\\'),
  'halves of emoji': fill('\ud83d'),
  'a letter that grows': fill('\ufdfa'),
}

/**
 * A quarter of a million characters take a check some milliseconds. Where its time grows with the square of the length
 * they take ten seconds and more: no machine is so slow or so quick that one could be taken for the other.
 */
const maxCpuSeconds = 2

for (const [what, check] of Object.entries(checks)) {
  test(`the time to check ${what} grows no faster than its length`, () => {
    for (const [kind, text] of Object.entries(texts)) {
      const before = process.cpuUsage()
      check(text)
      const { user, system } = process.cpuUsage(before)
      assert.ok((user + system) / 1e6 < maxCpuSeconds, `${kind} took ${(user + system) / 1e6} s`)
    }
  })
}
