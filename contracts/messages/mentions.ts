import { mentionAt } from './mention-words.ts'

export type Mentions = {
  /** Names as they were written, each once; there may be nobody of that name. Compare them by `foldUsername`. */
  users: string[]
  /** `@here`: whoever is in the room now. */
  here: boolean
  /** `@all`: every member. */
  all: boolean
}

/** Whom a message mentions, code left out. One look at each character, however the text is made. */
export function findMentions(content: string): Mentions {
  const names = new Set<string>()
  for (const text of withoutCode(content)) {
    for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
      const found = mentionAt(text, at)
      if (found) names.add(found.name)
    }
  }
  const here = names.delete('here')
  const all = names.delete('all')
  return { users: [...names], here, all }
}

/** What begins a block in a line: quotes, and items of lists. */
const leading = /^(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))+/
const fence = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,})/
const heading = /^[ \t]*#{1,6}(?:[ \t]|$)/

type Fence = { sign: string; length: number; quotes: number; column: number }

/** The runs of text of a message, each with its spans of code taken out. */
function* withoutCode(content: string): Generator<string> {
  let open: Fence | undefined
  let run: string[] = []
  let runQuotes = 0
  let column = 0
  const end = () => {
    const text = withoutSpans(run.join('\n'))
    run = []
    return text
  }
  for (const line of content.split('\n')) {
    const mark = leading.exec(line)?.[0] ?? ''
    const quotes = countQuotes(mark)
    if (open) {
      const state = stateOf(open, line)
      if (state === 'closed') open = undefined
      if (state !== 'left') continue
      open = undefined
    }
    const rest = line.slice(mark.length)
    const opened = fence.exec(rest)?.[1]
    const isItem = /[-+*.)]/.test(mark)
    const start = line.length - rest.trimStart().length
    const isOut = start < column && !isItem
    if (isItem || isOut || quotes !== runQuotes || opened !== undefined || rest.trim() === '' || heading.test(rest))
      yield end()
    runQuotes = quotes
    if (isItem || isOut) column = isItem ? start : 0
    if (opened === undefined) run.push(rest)
    else open = { sign: opened.charAt(0), length: opened.length, quotes, column: isItem ? mark.length + 1 : 0 }
    if (heading.test(rest)) yield end()
  }
  yield end()
}

/** What a line is to the code that a fence opened: more of it, its end, or beyond the quote or list that it stood in. */
function stateOf({ sign, length, quotes, column }: Fence, line: string): 'inside' | 'closed' | 'left' {
  const inner = withoutQuotes(line, quotes)
  if (inner === undefined) return 'left'
  const indent = /^[ \t]*/.exec(inner)?.[0].length ?? 0
  if (column > 0 && inner.trim() !== '' && indent + (line.length - inner.length) < column) return 'left'
  const closing = inner.trim()
  return closing.length >= length && closing === sign.repeat(closing.length) ? 'closed' : 'inside'
}

function countQuotes(mark: string): number {
  return mark.split('>').length - 1
}

function withoutQuotes(line: string, count: number): string | undefined {
  let rest = line
  for (let left = count; left > 0; left--) {
    const found = /^[ \t]*>/.exec(rest)
    if (!found) return undefined
    rest = rest.slice(found[0].length)
  }
  return rest
}

/** Text between backticks goes, where as many close as opened. */
function withoutSpans(text: string): string {
  if (!text.includes('`')) return text
  const runs = [...text.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length }))
  const closings = new Map<number, number[]>()
  for (const { at, length } of runs.toReversed()) closings.set(length, [...(closings.get(length) ?? []), at])
  let kept = ''
  let done = 0
  for (const { at, length } of runs) {
    if (at < done) continue
    const places = closings.get(length) ?? []
    while (places.length > 0 && (places.at(-1) ?? 0) <= at) places.pop()
    const close = places.pop()
    if (close === undefined) continue
    kept += `${text.slice(done, at)}\``
    done = close + length
  }
  return kept + text.slice(done)
}
