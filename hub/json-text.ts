import { eachMember, isDeeperThan } from './json-scan.ts'

/**
 * Deeper payloads are refused. Every subscriber parses what one client published, and in some browsers a parser that
 * runs out of stack throws, which ends the SDK's connection for good.
 */
export const maxPayloadDepth = 256

export const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text of a member's value, as it stands in the document: payloads are passed on without being rebuilt, so large
 * numbers and the order of keys survive. The document must be valid JSON with an object at its root. Undefined when the
 * path leads nowhere or the value is too deep.
 */
export function sliceMember(document: string, path: string[]): string | undefined {
  let text: string | undefined = document
  for (const name of path) text = text === undefined ? undefined : memberOf(text, name)
  if (text === undefined || isDeeperThan(text, maxPayloadDepth)) return undefined
  // A line feed cannot be in here, it splits frames; a carriage return could only be white space.
  return text.includes('\r') ? text.replaceAll('\r', ' ') : text
}

function memberOf(object: string, wanted: string): string | undefined {
  let found: string | undefined
  eachMember(object, (name, text) => {
    if (name === wanted) found = text
  })
  return found
}

/** The text of a JSON value on one line, or undefined when the bytes are no JSON, or too deep. */
export function jsonTextOf(bytes: Uint8Array): string | undefined {
  try {
    const text = strictUtf8.decode(bytes)
    JSON.parse(text)
    return isDeeperThan(text, maxPayloadDepth) ? undefined : text.replaceAll(/[\r\n]/g, ' ').trim()
  } catch {
    return undefined
  }
}
