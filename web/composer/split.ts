import { limits } from '@grandchat/contracts/limits'
import { countCodePoints } from '@grandchat/contracts/text'
import { isInFence } from './edit.ts'

/** Room for a fence that is closed at the end of one message and opened again in the next. */
const spare = 40

/** A text too long for one message as several, cut where it hurts least: between paragraphs, lines, words. */
export function splitText(text: string, most: number = limits.messageContent): string[] {
  const parts: string[] = []
  let rest = text.replaceAll('\r\n', '\n').trim()
  while (countCodePoints(rest) > most) {
    const at = cutOf(rest, most - spare)
    const part = rest.slice(0, at).trimEnd()
    const fence = isInFence(`${part}\n`, part.length + 1) ? lastFence(part) : undefined
    parts.push(fence === undefined ? part : `${part}\n${fence.mark}`)
    const next = fence === undefined ? rest.slice(at).trimStart() : rest.slice(at).replace(/^\n/, '')
    rest = fence === undefined ? next : `${fence.line}\n${next}`
  }
  return rest === '' ? parts : [...parts, rest]
}

/** The last good place within so many code points. */
function cutOf(text: string, most: number): number {
  const end = unitsOf(text, most)
  const least = end / 2
  for (const seam of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(seam, end - seam.length)
    if (at > least) return at + seam.length
  }
  return end
}

function unitsOf(text: string, codePoints: number): number {
  let [units, count] = [0, 0]
  for (const char of text) {
    if (count++ === codePoints) break
    units += char.length
  }
  return units
}

function lastFence(text: string): { line: string; mark: string } | undefined {
  const line = text.split('\n').findLast((each) => /^[ \t]*(?:`{3,}|~{3,})/.test(each))
  const mark = line && /`{3,}|~{3,}/.exec(line)?.[0]
  return line !== undefined && mark ? { line: line.slice(0, spare / 2), mark } : undefined
}
