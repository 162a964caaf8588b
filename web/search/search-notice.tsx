import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import type { MessageSearch } from './use-message-search.ts'

/** What one must know of the results: that they are for another word, not all, or only what this device has. */
export function SearchNotice({ text, search }: { text: string; search: MessageSearch }) {
  const lines = linesOf(text, search)
  return (
    <div aria-live="polite" className="flex flex-col gap-2 px-5 empty:hidden">
      {lines.map((line) => (
        <p key={line} className="pt-2.5 text-meta text-pretty text-soft">
          {line}
        </p>
      ))}
      {search.failure !== undefined && (
        <Button small className="self-start" onClick={search.again}>
          {say('app.try_again')}
        </Button>
      )}
    </div>
  )
}

function linesOf(text: string, { status, corrected, isPartial, failure }: MessageSearch): string[] {
  if (status === 'local') return [failure ?? say('search.offline'), ...(failure ? [say('search.local')] : [])]
  return [
    ...(corrected === undefined ? [] : [say('search.corrected', { text, corrected })]),
    ...(isPartial ? [say('search.partial')] : []),
  ]
}
