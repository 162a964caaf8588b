import { say } from '../locales/words.ts'
import { SuggestionList } from './suggestion-list.tsx'
import type { useCompletion } from './use-completion.ts'

/** What a field offers while a word is completed in it, and how much that is. Stands in what holds the field. */
export function CompletionList({ completion }: { completion: ReturnType<typeof useCompletion> }) {
  const { id, suggestions, active, pick, point } = completion
  return (
    <>
      {suggestions && (
        <SuggestionList id={id} suggestions={suggestions} active={active} onPick={pick} onPoint={point} />
      )}
      <output className="sr-only">{suggestions && say('complete.count', { count: suggestions.length })}</output>
    </>
  )
}
