import { sql } from 'kysely'
import { fold } from '@grandchat/contracts/search/fold'
import type { OpenTransaction } from '../database/database.ts'
import { readUnpacked } from './read.ts'
import { placesOf } from './signature.ts'

/** Words and how often they were met. */
export type Words = Map<string, number>

/** The newest packs that are looked at: some seven thousand messages. Pieces of two letters are in all of them. */
const packsMost = 100
const packsOfShort = 40
const wordsMost = 3_000

/**
 * Words that begin or end as this one does, from what these rooms hold: who makes one mistake, or swaps two letters, leaves
 * at least one of both as it is.
 */
export async function readNearWords(tx: OpenTransaction, roomIds: readonly number[], text: string): Promise<Words> {
  const words: Words = new Map()
  for (const piece of piecesOf(text)) {
    const places = placesOf({ texts: [piece] })
    const packs = places.length > 1 ? packsMost : packsOfShort
    const { rows } = await sql<{ word: string; count: number }>`
      select word, count from search_words(${roomIds}::bigint[], ${piece}, ${places}::integer[], ${packs}, ${wordsMost})`.execute(
      tx,
    )
    for (const { word, count } of rows) addWords(words, word, count)
  }
  const { rows: unpacked } = await readUnpacked(tx, roomIds)
  for (const row of unpacked) if (row.kind === 'user' && !row.deleted_at) addWords(words, fold(row.content), 1)
  return words
}

/** How it begins and how it ends, with the space before or behind it where that is needed to tell. */
export function piecesOf(text: string): string[] {
  const letters = Array.from(text)
  const first = Math.floor((letters.length - 1) / 2)
  const last = letters.length - 1 - first
  return [` ${letters.slice(0, first).join('')}`, `${letters.slice(-last).join('')}${last < 3 ? ' ' : ''}`]
}

function addWords(words: Words, text: string, count: number): void {
  for (const word of text.split(/[^\p{L}\p{M}\p{N}'-]+/u)) {
    if (word.length > 2) words.set(word, (words.get(word) ?? 0) + count)
  }
}
