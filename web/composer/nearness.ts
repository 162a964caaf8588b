/** How near a name is to what was typed, 0 being nearest; undefined if it is not meant. */
export function nearness(wanted: string, ...names: (string | null)[]): number | undefined {
  const near = names.flatMap((name) => (name === null ? [] : (oneNearness(fold(wanted), fold(name)) ?? [])))
  return near.length === 0 ? undefined : Math.min(...near)
}

function oneNearness(wanted: string, name: string): number | undefined {
  if (name === wanted) return 0
  if (name.startsWith(wanted)) return 1
  const at = name.indexOf(wanted)
  if (at === -1) return undefined
  return /[\s._-]/.test(name.charAt(at - 1)) ? 2 : 3
}

/** Letters without their accents and case, so that `jose` finds José. */
function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** The nearest first; of equals, in the order in which they came. */
export function nearest<T>(all: readonly T[], rank: (one: T) => number | undefined, most: number): T[] {
  return all
    .flatMap((one) => {
      const near = rank(one)
      return near === undefined ? [] : [{ one, near }]
    })
    .sort((a, b) => a.near - b.near)
    .slice(0, most)
    .map(({ one }) => one)
}
