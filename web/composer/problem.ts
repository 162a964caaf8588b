import { limits } from '@grandchat/contracts/limits'
import { checkContent } from '@grandchat/contracts/messages/content'
import { countCodePoints } from '@grandchat/contracts/text'
import { say } from '../locales/words.ts'

/** From so many characters left on they are counted. */
export const counterFrom = 400

/** What keeps the text from being sent, other than that there is none. */
export function problemOf(text: string): string | undefined {
  if (text.trim() === '') return undefined
  const over = lengthOver(text)
  if (over > 0) return say('composer.over', { count: over })
  const checked = checkContent(text)
  return 'problem' in checked ? say('composer.unprintable') : undefined
}

/** How many characters there are too many; below zero, how many are left. */
export function lengthOver(text: string): number {
  // Two units make one character at most: no need to count far below the limit.
  if (text.length <= limits.messageContent - counterFrom) return -counterFrom - 1
  return countCodePoints(text.replaceAll('\r\n', '\n').trim()) - limits.messageContent
}
