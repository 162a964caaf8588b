import { fold } from '@grandchat/contracts/search/fold'

/**
 * How well a name fits what was typed; the higher the better, undefined if it does not. Begins so, then a word in it
 * does, then it holds it, then it has the letters in this order, the closer together the better.
 */
export function fit(name: string, typed: string): number | undefined {
  const [text, wanted] = [fold(name).trim(), fold(typed).trim()]
  if (wanted === '') return 0
  const length = text.length / 1_000
  if (text.startsWith(wanted)) return 4 - length
  const at = text.indexOf(wanted)
  if (at > 0) return (/[\p{L}\p{N}]/u.test(text.charAt(at - 1)) ? 2 : 3) - length
  const span = spanOf(text, wanted.replaceAll(' ', ''))
  return span === undefined ? undefined : Math.max(0.1, 1 - span / 50) - length / 10
}

/** Over how many letters the wanted ones are spread, if they are there in their order, the first at the start of a word. */
function spanOf(text: string, wanted: string): number | undefined {
  let best: number | undefined
  for (let start = text.indexOf(wanted.charAt(0)); start >= 0; start = text.indexOf(wanted.charAt(0), start + 1)) {
    if (start > 0 && /[\p{L}\p{N}]/u.test(text.charAt(start - 1))) continue
    let at = start
    for (const letter of wanted.slice(1)) {
      at = text.indexOf(letter, at + 1)
      if (at < 0) return best
    }
    best = Math.min(best ?? Infinity, at - start)
  }
  return best
}

/** Those that fit, the best first; equals keep their order. */
export function fitting<Item>(items: readonly Item[], typed: string, nameOf: (item: Item) => string): Item[] {
  return items
    .map((item) => ({ item, score: fit(nameOf(item), typed) }))
    .filter((each): each is { item: Item; score: number } => each.score !== undefined)
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item)
}
