import type { SyntaxNode } from '@lezer/common'
import { mentionAt } from '@grandchat/contracts/messages/mention-words'
import { linkify, misleads, safeUrl } from '../messages/linkify.ts'
import type { Block, Inline } from './ast.ts'
import { grammar } from './grammar.ts'
import { deepest, isTooTangled } from './has-markup.ts'

const mostKept = 500
const kept = new Map<string, Block[]>()

/** The blocks of a message. Parsed once for each text; what is too tangled is text and addresses alone. */
export function parseMarkdown(text: string): Block[] {
  const known = kept.get(text)
  if (known) return known
  const blocks = isTooTangled(text)
    ? [{ type: 'text' as const, children: textOf(text) }]
    : blocksOf(grammar.parse(text).topNode, text, 0)
  if (kept.size >= mostKept) kept.clear()
  kept.set(text, blocks)
  return blocks
}

/** Text without signs: only addresses are something else. */
function textOf(text: string): Inline[] {
  return linkify(text).map((part) => {
    if (part.href === undefined) return { type: 'text', text: part.text }
    return addressOf(part.text)
  })
}

function blocksOf(parent: SyntaxNode, source: string, depth: number): Block[] {
  if (depth > deepest) return [{ type: 'text', children: textOf(source.slice(parent.from, parent.to)) }]
  const blocks: Block[] = []
  let end = parent.from
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    const block = blockOf(node, source, depth)
    if (!block) continue
    const last = blocks.at(-1)
    // Lines left blank between paragraphs stay as they were typed.
    if (block.type === 'text' && last?.type === 'text') {
      last.children.push({ type: 'text', text: '\n'.repeat(countNewlines(source, end, node.from)) }, ...block.children)
    } else blocks.push(block)
    end = node.to
  }
  return blocks
}

function countNewlines(source: string, from: number, to: number): number {
  let count = 0
  for (let at = source.indexOf('\n', from); at !== -1 && at < to; at = source.indexOf('\n', at + 1)) count++
  return Math.max(1, Math.min(count, 3))
}

function blockOf(node: SyntaxNode, source: string, depth: number): Block | undefined {
  switch (node.name) {
    case 'Paragraph':
      return { type: 'text', children: paragraphOf(node, source) }
    case 'FencedCode':
      return codeOf(node, source) ?? { type: 'text', children: textOf(source.slice(node.from, node.to)) }
    case 'Blockquote':
      return { type: 'quote', children: blocksOf(node, source, depth + 1) }
    case 'BulletList':
      return { type: 'list', items: itemsOf(node, source, depth) }
    case 'OrderedList': {
      const start = Number.parseInt(source.slice(node.from, node.from + 12).trimStart(), 10)
      return { type: 'list', start: Number.isFinite(start) ? start : 1, items: itemsOf(node, source, depth) }
    }
    default:
      if (!node.name.startsWith('ATXHeading')) return undefined
      return {
        type: 'text',
        children: [{ type: 'bold', children: trimmed(inlinesOf(node, source, node.from, node.to)) }],
      }
  }
}

function itemsOf(list: SyntaxNode, source: string, depth: number): Block[][] {
  return list.getChildren('ListItem').map((item) => blocksOf(item, source, depth + 1))
}

/** Undefined for a fence around nothing, which would hide what was typed. */
function codeOf(node: SyntaxNode, source: string): Block | undefined {
  const info = node.getChild('CodeInfo')
  const text = node.getChildren('CodeText').map(({ from, to }) => source.slice(from, to))
  if (text.join('').trim() === '') return undefined
  const language = info ? source.slice(info.from, info.to).split(/\s/, 1)[0] : undefined
  return { type: 'code', language: language ?? '', text: text.join('') }
}

function paragraphOf(node: SyntaxNode, source: string): Inline[] {
  if (node.parent?.name === 'ListItem') return inlinesOf(node, source, node.from, node.to).map(withoutIndent)
  if (node.parent?.name !== 'Document') return inlinesOf(node, source, node.from, node.to)
  // Its first line is as far in as it was typed.
  let from = node.from
  while (from > 0 && ' \t'.includes(source.charAt(from - 1))) from--
  return inlinesOf(node, source, from, node.to)
}

function withoutIndent(inline: Inline): Inline {
  return inline.type === 'text' ? { ...inline, text: inline.text.replaceAll(/\n[ \t]+/g, '\n') } : inline
}

function trimmed(inlines: Inline[]): Inline[] {
  const [first, last] = [inlines[0], inlines.at(-1)]
  if (first?.type === 'text') first.text = first.text.trimStart()
  if (last?.type === 'text') last.text = last.text.trimEnd()
  return inlines
}

const marks = new Set(['EmphasisMark', 'StrikethroughMark', 'HeaderMark', 'LinkTarget'])

/** What stands between two places: the nodes there, and the text around them. */
function inlinesOf(parent: SyntaxNode, source: string, from: number, to: number): Inline[] {
  const inlines: Inline[] = []
  let at = from
  const addText = (end: number) => {
    if (end > at) push(inlines, source.slice(at, end))
  }
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (node.from < at) continue
    addText(node.from)
    at = node.to
    if (node.name === 'QuoteMark') {
      if (source[at] === ' ') at++
    } else if (node.name === 'Escape') push(inlines, source.slice(node.from + 1, node.to))
    else if (node.name === 'HardBreak') push(inlines, '\n')
    else if (!marks.has(node.name)) inlines.push(...inlineOf(node, source))
  }
  addText(to)
  return inlines
}

function push(inlines: Inline[], text: string): void {
  const last = inlines.at(-1)
  if (last?.type === 'text') last.text += text
  else inlines.push({ type: 'text', text })
}

const spans: Record<string, 'bold' | 'italic' | 'strike'> = {
  StrongEmphasis: 'bold',
  Emphasis: 'italic',
  Strikethrough: 'strike',
}

function inlineOf(node: SyntaxNode, source: string): Inline[] {
  const text = source.slice(node.from, node.to)
  const span = spans[node.name]
  if (span) return [{ type: span, children: inlinesOf(node, source, node.from, node.to) }]
  switch (node.name) {
    case 'InlineCode':
      return [{ type: 'code', text: spanCodeOf(node, source) }]
    case 'Link':
      return linkOf(node, source)
    case 'Address':
      return [addressOf(text)]
    case 'AngleAddress':
      return [addressOf(text.slice(1, -1))]
    case 'Shortcode':
      return [{ type: 'shortcode', code: text.slice(1, -1).toLowerCase(), text }]
    case 'Mention': {
      const found = mentionAt(text, 0)
      return [found ? { type: 'mention', sign: found.sign, name: found.name, text } : { type: 'text', text }]
    }
    default:
      return [{ type: 'text', text }]
  }
}

/** The code between its backticks; a space that sets it off from them belongs to neither. */
function spanCodeOf(node: SyntaxNode, source: string): string {
  const [open, close] = node.getChildren('CodeMark')
  let [text, at] = ['', open?.to ?? node.from]
  for (const { from, to } of node.getChildren('QuoteMark')) {
    text += source.slice(at, from)
    at = to
  }
  text = (text + source.slice(at, close?.from ?? node.to)).replaceAll('\n', ' ')
  return /^ .*\S.* $/.test(text) ? text.slice(1, -1) : text
}

function addressOf(text: string): Inline {
  const url = safeUrl(text)
  if (!url) return { type: 'text', text }
  const children: Inline[] = [{ type: 'text', text }]
  const found: Inline = { type: 'link', href: url.href, isAddress: true, children }
  return url.protocol !== 'mailto:' && misleads(text, url) ? { ...found, host: url.host } : found
}

const addressLike = /:\/\/|[\p{L}\p{N}]\.\p{L}{2}/u

/** Words that lead somewhere. Where they look like another address than theirs, it is said where they lead. */
function linkOf(node: SyntaxNode, source: string): Inline[] {
  const goal = node.getChild('LinkTarget')
  const from = goal?.from ?? node.to
  const children = inlinesOf(node, source, node.from + 1, from).filter((child) => !isEmpty(child))
  const href = /^\([ \t]*(?:<([^<>]*)>|(\S*?))(?:[ \t]+"[^"]*")?[ \t]*\)$/.exec(source.slice(from + 1, node.to))
  const url = safeUrl(href?.[1] ?? href?.[2] ?? '')
  // A link that holds another one is read as what it was typed as.
  if (!url || children.length === 0 || children.some(holdsLink)) {
    return [{ type: 'text', text: '[' }, ...children, ...textOf(source.slice(from, node.to))]
  }
  const shown = children.map(plainTextOf).join('')
  const says =
    addressLike.test(shown) &&
    shown
      .replace(/^https?:\/\//i, '')
      .split(/[/?#]/, 1)[0]
      ?.toLowerCase() !== url.host
  const isMisleading = url.protocol !== 'mailto:' && (says || misleads(url.href, url))
  return [{ type: 'link', href: url.href, ...(isMisleading && { host: url.host }), isAddress: false, children }]
}

function isEmpty(inline: Inline): boolean {
  return inline.type === 'text' && inline.text === ''
}

function holdsLink(inline: Inline): boolean {
  return inline.type === 'link' || ('children' in inline && inline.children.some(holdsLink))
}

export function plainTextOf(inline: Inline): string {
  if (inline.type === 'mention') return `${inline.sign}${inline.name}`
  return 'children' in inline ? inline.children.map(plainTextOf).join('') : inline.text
}
