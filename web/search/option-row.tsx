import History from 'lucide-react/icons/history'
import Search from 'lucide-react/icons/search'
import { say } from '../locales/words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { OptionBox } from './option-box.tsx'
import type { OptionProps } from './option-box.tsx'
import type { Completion } from './use-completions.ts'

type OptionRowProps = OptionProps & {
  meaning:
    | { kind: 'recent'; line: string }
    | { kind: 'suggestion'; q: string }
    | { kind: 'completion'; completion: Completion }
}

/** A way to go on with a search: one of before, what may have been meant, or the end of a filter. */
export function OptionRow({ meaning, ...option }: OptionRowProps) {
  return (
    <OptionBox {...option} className="min-h-9 items-center gap-2.5 px-2 max-wide:min-h-11">
      {meaning.kind === 'recent' ? (
        <>
          <History size={16} aria-hidden className="shrink-0 text-soft" />
          <bdi className="truncate">{meaning.line}</bdi>
        </>
      ) : meaning.kind === 'suggestion' ? (
        <>
          <Search size={16} aria-hidden className="shrink-0 text-soft" />
          <span className="truncate">{say('search.suggestion', { text: meaning.q })}</span>
        </>
      ) : (
        <>
          {meaning.completion.user && <Avatar user={meaning.completion.user} size={20} />}
          <bdi className="truncate">{meaning.completion.label}</bdi>
          {meaning.completion.note !== undefined && (
            <bdi className="truncate text-meta text-soft">{meaning.completion.note}</bdi>
          )}
        </>
      )}
    </OptionBox>
  )
}
