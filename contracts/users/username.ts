import { limits } from '../limits.ts'
import { countCodePoints } from '../text.ts'

const allowed = /^[\p{L}\p{M}\p{N}._-]+$/u
/** Letters and marks that nobody sees, so that one name could look like another; marks without a base, and towers. */
const deceptive = /\p{Default_Ignorable_Code_Point}|^\p{M}|\p{M}{5}/u
/** No name is longer before NFKC, whose time grows with the square of a run of combining marks. */
const maxInputLength = 400
const hasLetterOrDigit = /[\p{L}\p{N}]/u

/** Words that mean somebody else than one person, or the product itself. */
const reserved = new Set([
  'admin',
  'administrator',
  'all',
  'anonymous',
  'bot',
  'channel',
  'everybody',
  'everyone',
  'grandchat',
  'here',
  'me',
  'nobody',
  'null',
  'room',
  'root',
  'support',
  'system',
  'undefined',
])

/** The form in which usernames are compared: unique under it, and looked up by it. */
export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')
}

/** The username as it is stored (NFKC), or why it cannot be one. */
export function checkUsername(input: string): { username: string } | { problem: string } {
  const wrongLength = { problem: `use ${limits.usernameMin} to ${limits.usernameMax} characters` }
  if (input.length > maxInputLength) return wrongLength
  const username = input.normalize('NFKC').trim()
  const length = countCodePoints(username)
  if (length < limits.usernameMin || length > limits.usernameMax) return wrongLength
  if (!allowed.test(username) || deceptive.test(username))
    return { problem: 'use letters, digits, dots, dashes and underscores' }
  if (!hasLetterOrDigit.test(username)) return { problem: 'use at least one letter or digit' }
  if (reserved.has(foldUsername(username))) return { problem: 'is reserved, choose another' }
  return { username }
}
