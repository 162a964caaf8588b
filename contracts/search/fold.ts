/**
 * What text is compared by: without case, accents, widths and what cannot be seen. `ø` finds `o`, `ＡＢＣ` finds `abc`. Marks
 * that make another letter (of Thai, Devanagari, kana) stay. The server stores it, so a change of it needs the index made anew.
 */
export function fold(text: string): string {
  if (isPlain(text)) return text.toLowerCase().replaceAll(/\s+/g, ' ')
  return foldWithPlaces(text).text
}

/** `places[i]`: where the i-th unit of the folded text begins in the original; one more for the end. */
export type Folded = { text: string; places: readonly number[] }

export function foldWithPlaces(original: string): Folded {
  let text = ''
  const places: number[] = []
  for (const { 0: cluster, index } of original.matchAll(clusters)) {
    const folded = foldCluster(cluster)
    if (folded === ' ' && text.endsWith(' ')) continue
    for (let i = 0; i < folded.length; i++) places.push(index)
    text += folded
  }
  places.push(original.length)
  return { text, places }
}

/** A letter with the marks, vowels of Hangul and halfwidth signs that stand on it. */
const clusters = /\s+|[^\p{M}\s][\p{M}\u1160-\u11ff\uff9e\uff9f]*|\p{M}+/gu
const dropped = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]|[\ufe00-\ufe0f]|\p{Cf}/gu
const alike: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ŋ: 'n',
  ς: 'σ',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ى: 'ي',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"', // prettier-ignore
}

const known = new Map<string, string>()
const knownMost = 20_000

function foldCluster(cluster: string): string {
  const found = known.get(cluster)
  if (found !== undefined) return found
  const folded = makeFolded(cluster)
  if (known.size >= knownMost) known.clear()
  known.set(cluster, folded)
  return folded
}

function makeFolded(cluster: string): string {
  if (/^\s/u.test(cluster)) return ' '
  const bare = cluster.toLowerCase().normalize('NFKD').replace(dropped, '').normalize('NFKC').toLowerCase()
  return Array.from(bare, (letter) => alike[letter] ?? letter)
    .join('')
    .replaceAll(/\s+/gu, ' ')
}

// oxlint-disable-next-line no-control-regex -- ASCII is what is meant
const plain = /^[\u0000-\u007f]*$/
const isPlain = (text: string) => plain.test(text)
