import { isUnspaced, type Term } from '@grandchat/contracts/search/query'

/** Shorter words are near to nearly everything, longer ones are no words. */
const shortest = 3
const longest = 40
/** From so many letters on two mistakes are forgiven. */
const longWord = 6

export function isCorrectable({ text, isExact, isExcluded }: Term): boolean {
  const isOneWord = /^[\p{L}\p{M}\p{N}'-]+$/u.test(text) && !isUnspaced(text)
  return !isExact && !isExcluded && isOneWord && text.length >= shortest && text.length <= longest
}

/** The word that was probably meant: the fewest mistakes, then the same first letter, then the one most used. */
export function findNearest(
  text: string,
  words: Iterable<readonly [string, number]>,
  mistakesMost = text.length >= longWord ? 2 : 1,
): string | undefined {
  let most = mistakesMost
  let best: { word: string; rank: number[] } | undefined
  const letters = lettersOf(text)
  for (const [word, count] of words) {
    // A mistake changes two letters at most: most words are told apart by that.
    if (countBits(letters ^ lettersOf(word)) > 2 * most) continue
    const mistakes = countMistakes(text, word, most)
    if (mistakes > most) continue
    const rank = [mistakes, word[0] === text[0] ? 0 : 1, -count]
    if (best && !isBefore(rank, best.rank)) continue
    best = { word, rank }
    most = mistakes
  }
  return best?.word
}

/** A bit for each letter that occurs; some share one. */
function lettersOf(word: string): number {
  let bits = 0
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) & 31)
  return bits
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((value, at) => value !== b[at])
  return i >= 0 && a[i]! < b[i]!
}

/**
 * Letters left out, added, wrong, or swapped with their neighbour (optimal string alignment). Stops counting beyond `most`.
 */
export function countMistakes(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1))
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwapped) cost = Math.min(cost, beforeLast[j - 2]! + 1)
      row.push(cost)
    }
    if (Math.min(...row) > most) return most + 1
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
