import { limits } from '../limits.ts'

/** Exactly one emoji, written out in full: of the forms that look alike there is one that passes. */
const oneEmoji = /^\p{RGI_Emoji}$/v

/** Can people react with it? */
export function isEmoji(text: string): boolean {
  // In no form takes a character of UTF-16 less than a byte of UTF-8.
  if (text.length > limits.emojiBytes || !text.isWellFormed()) return false
  return new TextEncoder().encode(text).length <= limits.emojiBytes && oneEmoji.test(text)
}
