import { sql } from 'kysely'
import { fold } from '@grandchat/contracts/search/fold'
import type { OpenTransaction } from '../database/database.ts'
import { withoutSigns } from './lines.ts'
import { searchPacked } from './search-packed.ts'
import { readFound, readUnpacked } from './read.ts'

/** Words and how often they were met. */
export type Words = Map<string, number>

/** Some five thousand messages. */
const packsMost = 60
const nearMost = 100
const nearMs = 100

/** The words of the newest messages of these rooms: most typing errors are in words that are in use. */
export async function readWords(tx: OpenTransaction, roomIds: readonly number[]): Promise<Words> {
  const { rows } = await sql<{ text: string }>`
    select pack.text
    from (
      select room_id, first_id from search_packs where room_id = any (${roomIds}::bigint[])
      order by last_id desc limit ${packsMost}
    ) newest
    join search_packs pack on pack.room_id = newest.room_id and pack.first_id = newest.first_id`.execute(tx)
  const words: Words = new Map()
  for (const { text } of rows) countWords(words, text)
  const { rows: unpacked } = await readUnpacked(tx, roomIds)
  for (const row of unpacked) if (row.kind === 'user') countWords(words, fold(row.content))
  return words
}

/**
 * Words of older messages that begin or end like this one: who mistypes one letter leaves one half as it is. And the word
 * itself, wherever it stands, unless it is known to be nowhere.
 */
export async function readNearWords(
  tx: OpenTransaction,
  roomIds: readonly number[],
  text: string,
  { isNowhere }: { isNowhere: boolean },
): Promise<Words> {
  const words: Words = new Map()
  const letters = Array.from(text)
  const middle = Math.floor(letters.length / 2)
  const halves = [letters.slice(0, middle).join(''), letters.slice(middle).join('')]
  for (const needle of [...(isNowhere ? [] : [text]), ...(middle < 3 ? [] : halves)]) {
    const bounds = { before: Number.MAX_SAFE_INTEGER, most: nearMost, ms: nearMs }
    const ids = await searchPacked(tx, { roomIds, from: '-infinity', to: 'infinity' }, [needle], bounds)
    const found = await readFound(tx, roomIds, ids)
    for (const { content, deleted_at: deletedAt } of found) if (!deletedAt) countWords(words, fold(content))
  }
  return words
}

function countWords(words: Words, text: string): void {
  for (const word of withoutSigns(text).split(/[^\p{L}\p{M}\p{N}'-]+/u)) {
    if (word.length > 2) words.set(word, (words.get(word) ?? 0) + 1)
  }
}
