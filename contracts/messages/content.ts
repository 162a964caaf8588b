import { limits } from '../limits.ts'
import { countCodePoints, isVisible } from '../text.ts'

/** Control characters other than newline and tab. */
// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const forbidden = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/

/** The text as it is stored (CRLF is LF, trimmed), or why it cannot be sent. */
export function checkContent(input: string): { content: string } | { problem: string } {
  if (!input.isWellFormed()) return { problem: 'contains broken characters' }
  const content = input.replaceAll('\r\n', '\n').trim()
  if (forbidden.test(content)) return { problem: 'contains control characters' }
  if (!isVisible(content)) return { problem: 'is empty' }
  if (countCodePoints(content) > limits.messageContent) {
    return { problem: `is longer than ${limits.messageContent} characters` }
  }
  return { content }
}
