/** What may stand in a pack, in so many bits: a page of the database holds seven of them, and only one pack. */
const signatureBits = 8_192

/** As many bits as a search looks at (`search_packed`): more would rule out hardly any more packs. */
const placesMost = 8

/** From here on scripts are written without spaces, and two letters say as much as a word. */
const dense = 0x0e00

type Add = (place: number, letters: number) => void

/**
 * A place for every three neighbouring letters of a text, for every five inside a word, and for every two of a dense script.
 * Nearly all threes of a language stand in every pack; fives tell its words apart.
 */
function addPlaces(text: string, add: Add): void {
  for (let i = 0; i + 1 < text.length; i++) {
    const [a, b, c] = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2)]
    if (a >= dense || b >= dense) add(placeOf(a, b, 0), 2)
    if (i + 2 >= text.length) continue
    add(placeOf(a, b, c), 3)
    if (i + 4 >= text.length || !isInWord(b) || !isInWord(c)) continue
    const [d, e] = [text.charCodeAt(i + 3), text.charCodeAt(i + 4)]
    if (isInWord(d) && a < dense && e < dense) add(placeOf(placeOf(a, b, c), d, e), 5)
  }
}

const isInWord = (code: number) => code !== 32 && code < dense

function placeOf(a: number, b: number, c: number): number {
  const mixed = Math.imul(Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b) ^ c, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 15)) & (signatureBits - 1)
}

/** As PostgreSQL reads a `bit` string. */
export function signatureOf(texts: readonly string[]): string {
  const bits = new Uint8Array(signatureBits)
  for (const text of texts) addPlaces(text, (place) => (bits[place] = 1))
  return bits.join('')
}

/** Some bits that every signature has in which these texts stand, those first that say most; none if they are too short. */
export function placesOf(texts: readonly string[]): number[] {
  const long = new Set<number>()
  const short = new Set<number>()
  for (const text of texts) addPlaces(text, (place, letters) => (letters === 5 ? long : short).add(place))
  const chosen = pickEvenly([...long], placesMost)
  return [...chosen, ...pickEvenly([...short], placesMost - chosen.length)]
}

function pickEvenly(places: readonly number[], most: number): number[] {
  const count = Math.min(places.length, most)
  return Array.from({ length: count }, (_, i) => places[Math.floor((i * places.length) / count)]!)
}
