import { usePlainText } from '../markdown/use-plain-text.ts'

/** As much of a text as a line of a quote can hold. */
const longest = 200

/** The beginning of a message on one line, without its markup. */
export function usePreview(content: string): string {
  return cut(usePlainText(content))
}

function cut(text: string): string {
  const line = text
    .slice(0, 2 * longest)
    .replaceAll(/\s+/g, ' ')
    .trim()
  const characters = Array.from(line)
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : line
}
