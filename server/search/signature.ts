import { unspaced, wordLetter } from '@grandchat/contracts/search/query'

/** What may stand in a pack, in so many bits: a page of the database holds four of them, and only one pack. */
const signatureBits = 15_360

/** As many bits as a search looks at (`search_packed`): more would rule out hardly any more packs. */
const placesMost = 8

/** From here on scripts are written without spaces, and two letters say as much as a word. */
const dense = 0x0e00

/** What a line and a search may have in common, that which says most first. */
type Kind = 'said by' | 'phrase' | 'five' | 'few'
type Add = (hash: number, kind: Kind) => void

/** What a search looks for. `phrases`: those of the texts that begin and end with words. `authorId`: who must have said all. */
export type Sought = { texts: readonly string[]; phrases?: readonly string[]; authorId?: number | undefined }

/** The signature of lines, as PostgreSQL reads a `bit(15360)`. */
export function signatureOf(lines: readonly string[]): string {
  const bits = Buffer.alloc(signatureBits / 8)
  const add = (hash: number) => {
    const place = placeOf(hash)
    bits[place >> 3]! |= 0x80 >> (place & 7)
  }
  for (const line of lines) {
    const { authorId, text } = takeApart(line)
    if (authorId !== undefined) addAuthor(authorId, add)
    addLetters(text, authorId, add)
    addPairs(text, add)
  }
  return `x${bits.toString('hex')}`
}

/** Some bits that every signature has in which all that stands, those first that say most; none if it is too short. */
export function placesOf({ texts, phrases = [], authorId }: Sought): number[] {
  const places: Record<Kind, Set<number>> = {
    'said by': new Set(),
    phrase: new Set(),
    five: new Set(),
    few: new Set(),
  }
  const add: Add = (hash, kind) => places[kind].add(placeOf(hash))
  for (const text of texts) addLetters(text, authorId, add)
  for (const phrase of phrases) addPairs(phrase, add)
  if (authorId !== undefined) addAuthor(authorId, add)
  const chosen = new Set<number>()
  for (const kind of [places['said by'], places.phrase, places.five, places.few]) {
    for (const place of pickEvenly([...kind], placesMost - chosen.size)) chosen.add(place)
  }
  return [...chosen]
}

/** As `makeLine` puts it together. */
function takeApart(line: string): { authorId: number | undefined; text: string } {
  const end = line.startsWith('\u0001') ? line.indexOf('\t') : -1
  if (end < 0) return { authorId: undefined, text: line }
  return { authorId: Number(line.slice(1, end)), text: line.slice(end + 1) }
}

function addAuthor(authorId: number, add: Add): void {
  add(mix(authorId, 1, 0), 'few')
  add(mix(authorId, 2, 0), 'few')
}

/**
 * Every three neighbouring letters of a text, every five inside a word, these with their author too, and every two of a dense
 * script. Nearly all threes of a language stand in every pack; fives tell its words apart.
 */
function addLetters(text: string, authorId: number | undefined, add: Add): void {
  for (let i = 0; i + 1 < text.length; i++) {
    const [a, b, c] = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2)]
    if (a >= dense || b >= dense) {
      add(mix(a, b, 0), 'few')
      add(mix(b, 3, a), 'few')
    }
    if (i + 2 >= text.length) continue
    if (a < dense || b < dense || c < dense) add(mix(a, b, c), 'few')
    if (i + 4 >= text.length || !isInWord(b) || !isInWord(c)) continue
    const [d, e] = [text.charCodeAt(i + 3), text.charCodeAt(i + 4)]
    if (!isInWord(d) || a >= dense || e >= dense) continue
    const five = mix(mix(a, b, c), d, e)
    add(five, 'five')
    if (authorId !== undefined && isInWord(a) && isInWord(e)) add(mix(five, authorId, 0), 'said by')
  }
}

const isInWord = (code: number) => code !== 32 && code < dense

/** Letters that make words between spaces, as `findTerm` has it: where these begin and end, a phrase may. */
const words = new RegExp(`[${wordLetter.source}--${unspaced.source}]+`, 'gv')

/** Every two words with nothing but a space between them. */
function addPairs(text: string, add: Add): void {
  let last = 0
  let end = -1
  for (const { 0: word, index } of text.matchAll(words)) {
    const hash = hashOf(word)
    if (index === end + 1 && text[end] === ' ') {
      add(mix(last, hash, 1), 'phrase')
      add(mix(last, hash, 2), 'phrase')
    }
    last = hash
    end = index + word.length
  }
}

function hashOf(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i), 0)
  return hash
}

function mix(a: number, b: number, c: number): number {
  const mixed = Math.imul(Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b) ^ c, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

const placeOf = (hash: number) => hash % signatureBits

function pickEvenly(places: readonly number[], most: number): number[] {
  const count = Math.min(places.length, most)
  return Array.from({ length: count }, (_, i) => places[Math.floor((i * places.length) / count)]!)
}
