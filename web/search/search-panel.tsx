import { useEffect, useId, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import Search from 'lucide-react/icons/search'
import X from 'lucide-react/icons/x'
import type { SearchProblem } from '@grandchat/contracts/search/query'
import { say } from '../locales/words.ts'
import { headerClasses } from '../rooms/room-header.tsx'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { inputClasses } from '../ui/field.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { isFocusLost } from '../ui/use-kept-focus.ts'
import { FilterBar } from './filter-bar.tsx'
import { closeSearch, noteSearch, openResult, searchInputId, searchPanelId } from './open-search.ts'
import { OptionRow } from './option-row.tsx'
import { rememberSearch, useRecentSearches } from './recent-searches.ts'
import { ResultRow } from './result-row.tsx'
import { SearchNotice } from './search-notice.tsx'
import { tokenAt, withFilter } from './tokens.ts'
import { useActiveOption } from './use-active-option.ts'
import { useCompletions } from './use-completions.ts'
import { type MessageSearch, useMessageSearch } from './use-message-search.ts'

/** Searching messages: beside the conversation, or over everything on small screens. One field, and arrows through what it finds. */
export default function SearchPanel({ shown }: { shown: string }) {
  const [text, setText] = useState(shown)
  const [caret, setCaret] = useState(shown.length)
  const input = useRef<HTMLInputElement>(null)
  const listId = useId()
  const search = useMessageSearch(text)
  const token = tokenAt(text, caret)
  const completions = useCompletions(token)
  const recent = useRecentSearches()
  useFocusOnOpening()
  useNoteSearch(text)

  const write = (next: string, at = next.length) => {
    setText(next)
    setCaret(at)
    input.current?.focus()
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at))
  }
  const options: Option[] =
    completions.length > 0
      ? completions.map((completion) => ({ kind: 'completion', id: completion.id, completion }))
      : text.trim() === ''
        ? recent.map((line) => ({ kind: 'recent', id: line, line }))
        : resultsOf(search)
  const choose = (option: Option) => {
    if (option.kind === 'recent') return write(option.line)
    if (option.kind === 'suggestion') return write(option.q)
    if (option.kind === 'completion') {
      const { key, value } = option.completion
      const next = withFilter(text, token ?? { start: text.length, end: text.length }, key, value)
      return write(next.text, next.caret)
    }
    rememberSearch(text)
    openResult(option.found.room_id, option.found.message.id)
  }
  const active = useActiveOption(options, choose, completions.length > 0)
  const onKeyDown = (event: KeyboardEvent) => {
    if (isShortcut(event, 'close_panel') && !event.nativeEvent.isComposing) {
      event.preventDefault()
      closeSearch()
    }
  }
  const optionId = (id: string) => `${listId}-${id.replaceAll(/\s/g, '_')}`

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape anywhere inside closes it
    <aside
      id={searchPanelId}
      aria-label={say('search.title')}
      onKeyDown={onKeyDown}
      className="flex min-h-0 w-(--panel-width) shrink-0 flex-col border-s border-hairline bg-page max-roomy:w-75 max-wide:fixed max-wide:inset-0 max-wide:z-(--layer-panel) max-wide:w-auto max-wide:border-none"
    >
      <div className={`${headerClasses} max-wide:ps-3`}>
        <div className="relative flex flex-1">
          <Search size={16} aria-hidden className="pointer-events-none absolute inset-y-0 start-3 my-auto text-soft" />
          <input
            ref={input}
            id={searchInputId}
            type="search"
            role="combobox"
            aria-label={say('search.title')}
            aria-expanded={options.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={active.id === undefined ? undefined : optionId(active.id)}
            placeholder={say('search.title')}
            autoComplete="off"
            enterKeyHint="search"
            dir="auto"
            maxLength={500}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setCaret(event.target.selectionStart ?? event.target.value.length)
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
            onKeyDown={active.onKeyDown}
            className={`${inputClasses} ps-9 text-start`}
          />
        </div>
        <IconButton label={say('search.close')} className="-me-2 max-wide:me-0" onClick={closeSearch}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      <FilterBar text={text} onChange={write} onAdd={(key) => write(`${text.trimEnd()} ${key}:`.trimStart())} />
      {completions.length === 0 && <SearchNotice text={text.trim()} search={search} />}
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-2 pb-[calc(0.5rem+var(--safe-bottom))]">
        {options[0]?.kind === 'recent' && (
          <p aria-hidden className="px-2 py-1.5 text-meta font-medium text-soft">
            {say('search.recent')}
          </p>
        )}
        {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a <datalist> may hold nothing but text */}
        <div role="listbox" id={listId} aria-label={say(labelOf(options[0]))} className="empty:hidden">
          {options.map((option) => {
            const row = {
              id: optionId(option.id),
              isActive: option.id === active.id,
              onOpen: () => choose(option),
              onPoint: () => active.point(option.id),
            }
            if (option.kind === 'result') return <ResultRow key={option.id} {...row} found={option.found} />
            return <OptionRow key={option.id} {...row} meaning={option} />
          })}
        </div>
        {completions.length === 0 && <Beyond text={text} search={search} />}
      </div>
    </aside>
  )
}

/** What can be chosen with the arrow keys. */
export type Option =
  | { kind: 'completion'; id: string; completion: ReturnType<typeof useCompletions>[number] }
  | { kind: 'recent'; id: string; line: string }
  | { kind: 'suggestion'; id: string; q: string }
  | { kind: 'result'; id: string; found: MessageSearch['results'][number] }

/** What was found; then, where that is little, what may have been meant and some of what that finds. */
function resultsOf({ results, suggestion }: MessageSearch): Option[] {
  const found = (each: MessageSearch['results'][number]): Option => ({
    kind: 'result',
    id: String(each.message.id),
    found: each,
  })
  if (!suggestion) return results.map(found)
  return [
    ...results.map(found),
    { kind: 'suggestion', id: 'suggestion', q: suggestion.q },
    ...suggestion.results.map(found),
  ]
}

function labelOf(first: Option | undefined) {
  if (first?.kind === 'recent') return 'search.recent'
  return first?.kind === 'completion' ? 'search.completions' : 'search.results'
}

/** After the results, or instead of them. */
function Beyond({ text, search }: { text: string; search: MessageSearch }) {
  const { status, results, more, isLoadingMore, loadMore, problem } = search
  if (problem !== undefined) return <Hint problem={problem} />
  if (status === 'loading' && results.length === 0) return <ResultsSkeleton />
  if (more) {
    return (
      <div className="flex justify-center py-3">
        <Button small busy={isLoadingMore} onClick={loadMore}>
          {say('search.more')}
        </Button>
      </div>
    )
  }
  if (results.length > 0 || status === 'idle' || status === 'loading') return null
  return (
    <Empty
      small
      icon={<Search size={24} strokeWidth={1.5} />}
      title={say('search.none.title', { text: text.trim() })}
      text={say(status === 'local' ? 'search.none.local' : 'search.none.text')}
    />
  )
}

const hints = {
  empty: 'search.hint',
  too_short: 'search.problem.too_short',
  too_many: 'search.problem.too_many',
  not_a_date: 'search.problem.not_a_date',
  unknown_has: 'search.problem.unknown_has',
} as const satisfies Record<SearchProblem, string>

function Hint({ problem }: { problem: SearchProblem }) {
  return <p className="px-3 py-4 text-meta text-pretty text-soft">{say(hints[problem])}</p>
}

function ResultsSkeleton() {
  return (
    <Loading label={say('search.loading')} className="appears-late">
      {['w-40', 'w-52', 'w-36', 'w-48'].map((width) => (
        <div key={width} className="flex gap-2.5 px-2 py-3">
          <Skeleton className="size-7 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3 w-24" />
            <Skeleton className={`h-3 ${width}`} />
          </div>
        </div>
      ))}
    </Loading>
  )
}

/** Into the field when the panel comes, and back to the page when it goes with the focus. */
function useFocusOnOpening(): void {
  useEffect(() => {
    document.getElementById(searchInputId)?.focus({ preventScroll: true })
    return () => {
      requestAnimationFrame(() => isFocusLost() && document.getElementById('main')?.focus({ preventScroll: true }))
    }
  }, [])
}

/** A moment after the last key: browsers refuse to change the address all the time. */
function useNoteSearch(text: string): void {
  useEffect(() => {
    const timer = setTimeout(() => noteSearch(text), 400)
    return () => clearTimeout(timer)
  }, [text])
}
