const one =
  '(?:\\p{RI}\\p{RI}|[\\d#*]\\uFE0F?\\u20E3|\\p{ExtPict}(?:\\p{EMod}|\\uFE0F)?[\\u{E0020}-\\u{E007F}]*(?:\\u200D\\p{ExtPict}(?:\\p{EMod}|\\uFE0F)?)*)'
const few = new RegExp(`^(?:${one} ?){1,3}$`, 'u')
const longest = 120

/** One to three emoji and nothing else. */
export function isFewEmoji(text: string): boolean {
  return text.length <= longest && few.test(text)
}
