/** Random choices that a seed decides: a failing run can be run again. */
export type Seeded = {
  random: () => number
  /** A whole number from 0 up to `end` (exclusive). */
  below: (end: number) => number
  chance: (probability: number) => boolean
  pick: <T>(values: readonly T[]) => T
}

/** mulberry32 */
export function createSeeded(seed: number): Seeded {
  let state = seed * 2_654_435_761
  function random() {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (end: number) => Math.floor(random() * end)
  return {
    random,
    below,
    chance: (probability) => random() < probability,
    pick: (values) => values[below(values.length)]!,
  }
}
