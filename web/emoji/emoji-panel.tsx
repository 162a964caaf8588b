import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import Search from 'lucide-react/icons/search'
import { say } from '../locales/words.ts'
import { EmojiGrid } from './emoji-grid.tsx'
import type { GridHandle } from './emoji-grid.tsx'
import { loadEmoji, useEmoji, withTone } from './emoji.ts'
import type { Emoji } from './emoji.ts'
import { GroupBar } from './group-bar.tsx'
import { groupsOf, rowsOf } from './groups.ts'
import { rememberEmoji } from './recent.ts'
import { skinTone } from './skin-tone.ts'
import { ToneChoice } from './tone-choice.tsx'

type EmojiPanelProps = { onPick: (emoji: string) => void; columns: number; isSheet: boolean }

export function EmojiPanel({ onPick, columns, isSheet }: EmojiPanelProps) {
  const set = useEmoji()
  const tone = skinTone.use()
  const [query, setQuery] = useState('')
  const [pointed, setPointed] = useState<Emoji>()
  const grid = useRef<GridHandle>(null)
  const wanted = useDeferredValue(query)
  const groups = useMemo(() => (set ? groupsOf(set, wanted) : []), [set, wanted])
  const rows = useMemo(() => rowsOf(groups, columns), [groups, columns])
  const pick = (emoji: Emoji) => {
    const glyph = withTone(emoji, tone)
    rememberEmoji(glyph)
    onPick(glyph)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') grid.current?.focus()
    else if (event.key !== 'Enter') return
    else if (groups[0]?.key === 'results' && groups[0].emoji[0]) pick(groups[0].emoji[0])
    event.preventDefault()
  }
  return (
    <div className="flex flex-col">
      <div className="relative p-2">
        <Search size={15} aria-hidden className="absolute inset-y-0 start-4.5 my-auto text-soft" />
        <input
          type="search"
          aria-label={say('emoji.search')}
          placeholder={say('emoji.search')}
          autoComplete="off"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={onKeyDown}
          className="h-9 w-full min-w-0 rounded-control bg-raised ps-8 pe-2 text-body shadow-[inset_0_0_0_1px_var(--color-edge)] outline-offset-0 focus-visible:shadow-none max-wide:h-11 max-wide:text-[1rem]"
        />
      </div>
      {query === '' && <GroupBar groups={groups} onChoose={(key) => grid.current?.showGroup(key)} />}
      {rows.length > 0 ? (
        <EmojiGrid
          ref={grid}
          key={columns}
          rows={rows}
          columns={columns}
          tone={tone}
          isSheet={isSheet}
          onPick={pick}
          onPoint={setPointed}
        />
      ) : (
        <Nothing isLoading={!set} columns={columns} />
      )}
      <div className="flex h-11 items-center gap-2 border-t border-hairline px-3">
        <p aria-hidden className="flex min-w-0 flex-1 items-center gap-2 text-meta text-soft">
          {pointed && (
            <>
              <span className="text-title">{withTone(pointed, tone)}</span>
              <span className="truncate">:{pointed.codes[0]}:</span>
            </>
          )}
        </p>
        <ToneChoice />
      </div>
    </div>
  )
}

function Nothing({ isLoading, columns }: { isLoading: boolean; columns: number }) {
  const [isFailed, setIsFailed] = useState(false)
  useEffect(() => {
    if (isLoading) loadEmoji().catch(() => setIsFailed(true))
  }, [isLoading])
  return (
    <p
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an `output` is for the result of a form
      role="status"
      style={{ inlineSize: `calc(${columns} * var(--emoji-cell) + 1rem)` }}
      className="emoji-cells flex h-(--emoji-list) items-center justify-center px-6 text-center text-meta text-soft"
    >
      {isLoading ? isFailed && say('emoji.failed') : say('emoji.none')}
    </p>
  )
}
