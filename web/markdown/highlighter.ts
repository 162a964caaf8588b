import { common, createLowlight } from 'lowlight'

/** Code in parts, some of which have a kind by which they are coloured. */
export type Colours = readonly (string | { kind: string; inside: Colours })[]

const lowlight = createLowlight(common)
const mostKept = 100
const longest = 5_000
/** Some rules of highlight.js take time by the square of a line; in lines like these nobody looks for colours. */
const longLine = /[^\n]{400}/
const kept = new Map<string, Colours | undefined>()

/** Undefined where the language is not known, or the code not made to be read. */
export function highlight(text: string, language: string): Colours | undefined {
  const name = language.toLowerCase()
  if (text.length > longest || longLine.test(text) || !lowlight.registered(name)) return undefined
  const key = `${name}\n${text}`
  if (!kept.has(key)) {
    if (kept.size >= mostKept) kept.clear()
    kept.set(key, coloursOf(lowlight.highlight(name, text).children))
  }
  return kept.get(key)
}

type Node = ReturnType<typeof lowlight.highlight>['children'][number]

function coloursOf(nodes: readonly Node[]): Colours {
  return nodes.flatMap((node) => {
    if (node.type === 'text') return [node.value]
    if (node.type !== 'element') return []
    const inside = coloursOf(node.children.filter((child) => child.type !== 'comment'))
    const kind = kindOf(node.properties['className'])
    return kind === undefined ? inside : [{ kind, inside }]
  })
}

/** Of the many classes of highlight.js, the few that have a colour here. */
const kinds: Record<string, string> = {
  keyword: 'keyword',
  built_in: 'name',
  type: 'name',
  literal: 'value',
  number: 'value',
  string: 'string',
  regexp: 'string',
  char: 'string',
  symbol: 'value',
  link: 'string',
  comment: 'comment',
  quote: 'comment',
  doctag: 'comment',
  meta: 'comment',
  title: 'title',
  section: 'title',
  name: 'keyword',
  tag: 'plain',
  attr: 'title',
  attribute: 'title',
  property: 'title',
  variable: 'name',
  'template-variable': 'name',
  'selector-tag': 'keyword',
  'selector-id': 'title',
  'selector-class': 'title',
  'selector-attr': 'title',
  'selector-pseudo': 'keyword',
  addition: 'added',
  deletion: 'removed',
}

function kindOf(className: unknown): string | undefined {
  const first: unknown = Array.isArray(className) ? className[0] : undefined
  return typeof first === 'string' ? kinds[first.replace('hljs-', '')] : undefined
}
