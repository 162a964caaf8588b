import { parser, Strikethrough } from '@lezer/markdown'
import type { DelimiterType, InlineContext, InlineParser, Line, MarkdownConfig } from '@lezer/markdown'
import { mentionAt } from '@grandchat/contracts/messages/mention-words'
import { linkify, safeUrl } from '../messages/linkify.ts'

/**
 * Markdown as people type it in a conversation: no HTML, images, tables or big headings, no definitions that vanish from
 * the text, no entities; lists and quotes end with their lines. Added are addresses, mentions and shortcodes.
 */
const removed = [
  'IndentedCode',
  'SetextHeading',
  'HorizontalRule',
  'HTMLBlock',
  'HTMLTag',
  'LinkReference',
  'Link',
  'Image',
  'LinkEnd',
  'Entity',
]

const [openBracket, closeBracket, openAngle, closeAngle] = [91, 93, 60, 62]
const [at, hash, colon] = [64, 35, 58]

const linkOpen: DelimiterType = {}
const target = /\([ \t]*(?:<([^<>\s]*)>|([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*))(?:[ \t]+"[^"\n]*")?[ \t]*\)/y

const link: InlineParser = {
  name: 'Link',
  parse(cx, next, pos) {
    if (next === openBracket) return cx.addDelimiter(linkOpen, pos, pos + 1, true, false)
    if (next !== closeBracket) return -1
    target.lastIndex = pos + 1 - cx.offset
    const found = target.exec(cx.text)
    const open = found && safeUrl(found[1] ?? found[2] ?? '') ? cx.findOpeningDelimiter(linkOpen) : null
    if (found === null || open === null) return -1
    const from = cx.getDelimiterAt(open)?.from ?? pos
    const end = target.lastIndex + cx.offset
    const content = cx.takeContent(open)
    return cx.addElement(cx.elt('Link', from, end, [...content, cx.elt('LinkTarget', pos, end)]))
  },
}

type Address = { to: number; inAngles: boolean }

/** Where addresses are, found once for each run of text. */
const addresses = new WeakMap<InlineContext, Map<number, Address>>()

function addressesIn(cx: InlineContext): Map<number, Address> {
  const known = addresses.get(cx)
  if (known) return known
  const found = new Map<number, Address>()
  let start = 0
  for (const part of linkify(cx.text)) {
    const to = start + part.text.length
    if (part.href !== undefined) {
      const inAngles = cx.text.charCodeAt(start - 1) === openAngle && cx.text.charCodeAt(to) === closeAngle
      found.set(inAngles ? start - 1 : start, { to: inAngles ? to + 1 : to, inAngles })
    }
    start = to
  }
  addresses.set(cx, found)
  return found
}

const address: InlineParser = {
  name: 'Address',
  before: 'Escape',
  parse(cx, next, pos) {
    // h, m and <
    if ((next | 32) !== 104 && (next | 32) !== 109 && next !== openAngle) return -1
    const found = addressesIn(cx).get(pos - cx.offset)
    if (!found) return -1
    const to = found.to + cx.offset
    return cx.addElement(cx.elt(found.inAngles ? 'AngleAddress' : 'Address', pos, to))
  },
}

const mention: InlineParser = {
  name: 'Mention',
  before: 'Emphasis',
  parse(cx, next, pos) {
    if (next !== at && next !== hash) return -1
    const found = mentionAt(cx.text, pos - cx.offset)
    return found ? cx.addElement(cx.elt('Mention', pos, found.end + cx.offset)) : -1
  },
}

const code = /:[a-z0-9_+-]{1,50}:/iy
const wordBefore = /[\p{L}\p{N}]/u

const shortcode: InlineParser = {
  name: 'Shortcode',
  before: 'Emphasis',
  parse(cx, next, pos) {
    if (next !== colon || wordBefore.test(cx.slice(pos - 1, pos))) return -1
    code.lastIndex = pos - cx.offset
    return code.test(cx.text) ? cx.addElement(cx.elt('Shortcode', pos, code.lastIndex + cx.offset)) : -1
  },
}

/** A paragraph ends where its quote or list does: whoever answers below a quote is not quoted. */
const noLaziness: MarkdownConfig = {
  parseBlock: [
    {
      name: 'NoLaziness',
      // How many of the blocks around go on in this line: not declared, though all rules of the package rest on it.
      endLeaf: (cx, line: Line & { depth?: number }) => (line.depth ?? cx.depth) < cx.depth,
    },
  ],
}

export const grammar = parser.configure([
  { remove: removed },
  Strikethrough,
  noLaziness,
  {
    defineNodes: ['LinkTarget', 'Address', 'AngleAddress', 'Mention', 'Shortcode'],
    parseInline: [address, mention, shortcode, link],
  },
])
