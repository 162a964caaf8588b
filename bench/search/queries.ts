import { type Language, seeded } from './words.ts'

/** What people type, by kind: the nth of each is always the same. */
export function makeQueries(languages: readonly Language[]): Record<string, (n: number) => string> {
  const random = seeded(11)
  const english = languages[0]!.words
  const chinese = languages.find(({ joint }) => joint === '')!.words
  const wordAt = (words: readonly string[], from: number, to: number): string => {
    const word = words[Math.min(words.length - 1, from + Math.floor(random() * (to - from)))]!
    return Array.from(word).length > 1 ? word : wordAt(words, from, to)
  }
  const long = (from: number, to: number): string => {
    const word = wordAt(english, from, to)
    return word.length >= 5 ? word : long(from, to)
  }
  return {
    'frequent word': () => wordAt(english, 0, 60),
    'usual word': () => long(100, 2_000),
    'rare word': () => long(10_000, 60_000),
    prefix: () => long(100, 20_000).slice(0, 4),
    'part of a word': () => long(100, 20_000).slice(1, 5),
    'two words': () => `${wordAt(english, 0, 60)} ${long(100, 5_000)}`,
    phrase: () => `"${wordAt(english, 0, 30)} ${wordAt(english, 0, 60)}"`,
    'without accents': () => wordAt(languages[2]!.words, 20, 5_000).normalize('NFD').replaceAll(/\p{M}/gu, ''),
    CJK: () => wordAt(chinese, 60, 5_000),
    'from one person': (n) => `from:author${1 + (n % 50)} ${long(60, 500)}`,
  }
}

/** Rare words with two letters swapped: there is nothing for them, and something near. */
export function makeTypos({ words }: Language): (n: number) => string {
  const random = seeded(13)
  const typo = (): string => {
    const word = words[1_000 + Math.floor(random() * 20_000)]!
    return word.length >= 6 ? word.slice(0, 3) + word[4]! + word[3]! + word.slice(5) : typo()
  }
  return typo
}
