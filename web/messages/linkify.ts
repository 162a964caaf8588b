/** A run of text, or a link whose text is exactly what was written. */
export type Part = { text: string; href?: string; host?: string }

const longestLink = 2_048
const scheme = /https?:\/\/|mailto:/gi
/** Where an address ends at the latest: spaces, quotes, brackets of markup, and characters that turn text around. */
const end = /[\s<>"`{}|\\^\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g
const wordBefore = /[\p{L}\p{N}_]/u
const trailing = new Set(".,:;!?'’”»*_~…")
const openers: Record<string, string> = { ')': '(', ']': '[' }

/**
 * Finds addresses in what people write. Each character is looked at a bounded number of times whatever the text:
 * both expressions are simple searches without repetition, and the search goes on where an address ended.
 */
export function linkify(text: string): Part[] {
  const parts: Part[] = []
  let done = 0
  scheme.lastIndex = 0
  for (let found = scheme.exec(text); found; found = scheme.exec(text)) {
    const start = found.index
    const stop = endOf(text, scheme.lastIndex)
    const link = isWordBefore(text, start) ? undefined : linkOf(text.slice(start, trimmedEnd(text, start, stop)))
    if (link) {
      if (start > done) parts.push({ text: text.slice(done, start) })
      parts.push(link)
      done = start + link.text.length
    }
    scheme.lastIndex = Math.max(stop, scheme.lastIndex)
  }
  if (done < text.length) parts.push({ text: text.slice(done) })
  return parts
}

function isWordBefore(text: string, start: number): boolean {
  return start > 0 && wordBefore.test(text.charAt(start - 1))
}

function endOf(text: string, from: number): number {
  end.lastIndex = from
  return end.exec(text)?.index ?? text.length
}

/** Leaves out the punctuation of the sentence around, and a closing bracket that the address did not open. */
function trimmedEnd(text: string, start: number, stop: number): number {
  const open: Record<string, number> = { '(': 0, ')': 0, '[': 0, ']': 0 }
  for (let i = start; i < stop; i++) {
    const char = text.charAt(i)
    const count = open[char]
    if (count !== undefined) open[char] = count + 1
  }
  let last = stop
  for (; last > start; last--) {
    const char = text.charAt(last - 1)
    const opener = openers[char]
    if (opener !== undefined && (open[char] ?? 0) > (open[opener] ?? 0)) open[char] = (open[char] ?? 0) - 1
    else if (!trailing.has(char)) break
  }
  return last
}

function linkOf(text: string): Part | undefined {
  const url = safeUrl(text)
  if (!url) return undefined
  return misleads(text, url) ? { text, href: url.href, host: url.host } : { text, href: url.href }
}

/** An address that may be linked to: http, https or mailto, with the scheme written out. */
export function safeUrl(text: string): URL | undefined {
  if (text.length > longestLink || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol === 'mailto:') return url.pathname.includes('@') ? url : undefined
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined
}

/** The address does not plainly show where it leads: a name before an @, or a host in look-alike letters. */
export function misleads(text: string, url: URL): boolean {
  if (url.username !== '' || url.password !== '') return true
  const written = /^https?:\/\/([^/?#]*)/i.exec(text)?.[1]?.toLowerCase()
  return url.hostname.includes('xn--') || (written !== undefined && !written.startsWith(url.hostname))
}
