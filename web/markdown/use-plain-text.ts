import { hasMarkup } from './has-markup.ts'
import { useMarkdown } from './load.ts'

/** A message in one line without its markup, as soon as there is what reads it. */
export function usePlainText(content: string): string {
  const isMarked = hasMarkup(content)
  const markdown = useMarkdown(isMarked)
  return markdown?.toPlainText(content) ?? content.replaceAll('\n', ' ')
}
