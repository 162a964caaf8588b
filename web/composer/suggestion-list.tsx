import { useLayoutEffect, useRef } from 'react'
import Lock from 'lucide-react/icons/lock'
import Hash from 'lucide-react/icons/hash'
import UsersRound from 'lucide-react/icons/users-round'
import { say } from '../locales/words.ts'
import { Avatar } from '../ui/avatar.tsx'
import type { Suggestion } from './use-suggestions.ts'

type SuggestionListProps = {
  id: string
  suggestions: readonly Suggestion[]
  active: number
  onPick: (suggestion: Suggestion) => void
  onPoint: (index: number) => void
}

/** What stands above the field while a word is being completed, or below where there is no room. The focus stays in the field. */
export function SuggestionList({ id, suggestions, active, onPick, onPoint }: SuggestionListProps) {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => takeRoom(list.current), [])
  return (
    <div
      ref={list}
      id={id}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a list of suggestions, drawn by us
      role="listbox"
      aria-label={say('complete.list')}
      className="appears absolute inset-x-0 bottom-full z-(--layer-float) mb-1.5 max-h-[min(20rem,40dvh)] overflow-y-auto overscroll-contain rounded-card bg-raised p-1 shadow-float data-below:top-full data-below:bottom-auto data-below:mt-1.5 data-below:mb-0"
    >
      {suggestions.map((suggestion, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- keys are the field's
        <div
          key={suggestion.key}
          id={`${id}-${index}`}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- one of them
          role="option"
          aria-selected={index === active}
          ref={(element) => {
            if (index === active) element?.scrollIntoView?.({ block: 'nearest' })
          }}
          // The focus must not leave the field, nor the keyboard of a phone close.
          onPointerDown={(event) => event.pointerType === 'mouse' && event.preventDefault()}
          onMouseDown={(event) => event.preventDefault()}
          onPointerMove={() => onPoint(index)}
          onClick={() => onPick(suggestion)}
          className="no-tap-zoom flex min-h-8 cursor-pointer items-center gap-2.5 rounded-control px-2 select-none aria-selected:bg-chosen max-wide:min-h-11"
        >
          <span className="flex w-6 shrink-0 items-center justify-center text-soft">
            <Picture look={suggestion.look} />
          </span>
          <bdi className="min-w-0 truncate">{suggestion.label}</bdi>
          {suggestion.detail !== undefined && (
            <span className="min-w-0 shrink-[2] truncate text-meta text-soft">{suggestion.detail}</span>
          )}
        </div>
      ))}
    </div>
  )
}

function Picture({ look }: { look: Suggestion['look'] }) {
  if ('user' in look) return <Avatar user={look.user} size={20} />
  if ('glyph' in look) return <span className="text-[1.125rem] leading-none">{look.glyph}</span>
  if ('everyone' in look) return <UsersRound size={15} aria-hidden />
  return look.room === 'private' ? <Lock size={15} aria-hidden /> : <Hash size={15} aria-hidden />
}

/** Above the first of the messages that are shown stands their day; and a list is not drawn to the very edge. */
const edge = 44
/** Two suggestions. */
const leastHeight = 88

/** A field among messages may stand at an edge of what is shown: the list goes where it has more room, and fits there. */
function takeRoom(list: HTMLElement | null): void {
  const field = list?.parentElement
  const scroller = field && scrollerOf(field)
  if (!list || !scroller) return
  const view = scroller.getBoundingClientRect()
  const { top, bottom } = field.getBoundingClientRect()
  const [above, below] = [top - view.top - edge, view.bottom - bottom - edge]
  const highest = Number.parseFloat(getComputedStyle(list).maxHeight)
  const isBelow = above < highest && below > above
  list.toggleAttribute('data-below', isBelow)
  list.style.maxHeight = `${Math.max(leastHeight, Math.min(highest, isBelow ? below : above))}px`
}

function scrollerOf(element: HTMLElement): HTMLElement | undefined {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at
  }
  return undefined
}
