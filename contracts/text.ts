/** How long people count a text to be: code points, so that an emoji is not two. */
export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

/** Something that can be seen: not only spaces, marks without a base, format characters, or blank letters. */
export function isVisible(text: string): boolean {
  return /[^\s\p{C}\p{M}\p{Z}\u115F\u1160\u2800\u3164\uFFA0]/u.test(text)
}
