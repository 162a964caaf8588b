/** A change of the text: what stands between two places gives way to something else; then this is selected. */
export type Edit = { from: number; to: number; text: string; select: [start: number, end: number] }

export type Selection = { value: string; start: number; end: number }

/** Puts marks around what is selected, or takes them away if they are there already. */
export function toggleMark({ value, start, end }: Selection, mark: string): Edit {
  const size = mark.length
  const inside = value.slice(start, end)
  if (value.slice(start - size, start) === mark && value.slice(end, end + size) === mark && start >= size) {
    return { from: start - size, to: end + size, text: inside, select: [start - size, end - size] }
  }
  if (inside.length >= size * 2 && inside.startsWith(mark) && inside.endsWith(mark)) {
    return { from: start, to: end, text: inside.slice(size, -size), select: [start, end - size * 2] }
  }
  // Marks do not hold spaces at their edges.
  const lead = inside.length - inside.trimStart().length
  const trail = inside.trim() === '' ? 0 : inside.length - inside.trimEnd().length
  const words = inside.slice(lead, inside.length - trail)
  const text = `${inside.slice(0, lead)}${mark}${words}${mark}${inside.slice(inside.length - trail)}`
  const at = start + lead + size
  return { from: start, to: end, text, select: [at, at + words.length] }
}

const fenceMark = '```'

/** A block of code around whole lines. */
export function wrapInFence({ value, start, end }: Selection, language = ''): Edit {
  const inside = value.slice(start, end).replace(/^\n+|\s+$/g, '')
  const ticks = fenceFor(inside)
  const before = start === 0 || value[start - 1] === '\n' ? '' : '\n'
  const after = end === value.length || value[end] === '\n' ? '' : '\n'
  const open = `${before}${ticks}${language}\n`
  const at = start + open.length
  return { from: start, to: end, text: `${open}${inside}\n${ticks}${after}`, select: [at, at + inside.length] }
}

/** More backticks than there are in a row inside. */
function fenceFor(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length))
  return '`'.repeat(Math.max(fenceMark.length, longest + 1))
}

export function makeLink({ value, start, end }: Selection, url = ''): Edit {
  const words = value.slice(start, end)
  const text = `[${words}](${url})`
  if (words === '') return { from: start, to: end, text, select: [start + 1, start + 1] }
  const goal = start + words.length + 3
  const at = url === '' ? goal : start + text.length
  return { from: start, to: end, text, select: [at, at] }
}

type LineKind = 'quote' | 'bullets' | 'numbers'

const prefixes: Record<LineKind, { has: RegExp; make: (index: number) => string }> = {
  quote: { has: /^> ?/, make: () => '> ' },
  bullets: { has: /^[-*+] /, make: () => '- ' },
  numbers: { has: /^\d{1,9}[.)] /, make: (index) => `${index + 1}. ` },
}

/** Begins every selected line with a mark, or takes it away where all have it. */
export function toggleLines({ value, start, end }: Selection, kind: LineKind): Edit {
  const { has, make } = prefixes[kind]
  const from = value.lastIndexOf('\n', start - 1) + 1
  const next = value.indexOf('\n', end)
  const to = next === -1 ? value.length : next
  const lines = value.slice(from, to).split('\n')
  const areAll = lines.every((line) => has.test(line))
  const text = lines.map((line, index) => (areAll ? line.replace(has, '') : make(index) + line)).join('\n')
  const caret = from + text.length
  return { from, to, text, select: start === end ? [caret, caret] : [from, caret] }
}

const item = /^([ \t]*)(?:([-*+]|\d{1,9}[.)])([ \t]+)|(> ?))/

/** A new line goes on with the list or quote of the one before; on an empty item it ends them. Undefined elsewhere. */
export function continueLine({ value, start, end }: Selection): Edit | undefined {
  if (start !== end || isInFence(value, start)) return undefined
  const from = value.lastIndexOf('\n', start - 1) + 1
  const line = value.slice(from, start)
  const found = item.exec(line)
  if (!found) return undefined
  const [lead, indent = '', mark = '', space = '', quote = ''] = found
  if (line === lead) return { from, to: start, text: '', select: [from, from] }
  const number = Number.parseInt(mark, 10)
  const next = Number.isNaN(number) ? mark : `${number + 1}${mark.slice(String(number).length)}`
  const text = `\n${indent}${quote === '' ? next + space : quote}`
  return { from: start, to: start, text, select: [start + text.length, start + text.length] }
}

/** Is this place inside a block of code that was opened above and not closed before it? */
export function isInFence(value: string, at: number): boolean {
  let open: string | undefined
  for (const line of value.slice(0, at).split('\n')) {
    const mark = /^[ \t]*(`{3,}|~{3,})(.*)$/.exec(line)
    if (!mark?.[1]) continue
    if (open === undefined) {
      if (mark[1].startsWith('~') || !mark[2]?.includes('`')) open = mark[1]
    } else if (mark[1].startsWith(open) && mark[2]?.trim() === '') open = undefined
  }
  return open !== undefined
}

/** Is this place code, in a block or between backticks? */
export function isInCode(value: string, at: number): boolean {
  const line = value.slice(value.lastIndexOf('\n', at - 1) + 1, at)
  return (line.split('`').length - 1) % 2 === 1 || isInFence(value, at)
}
