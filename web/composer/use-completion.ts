import { useId, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'
import { rememberEmoji } from '../emoji/recent.ts'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { applyEdit } from './apply-edit.ts'
import { findQuery } from './query.ts'
import type { Query } from './query.ts'
import { useSuggestions } from './use-suggestions.ts'
import type { Suggestion } from './use-suggestions.ts'

/** Completes names, rooms and emoji in a field. `look` is to be called whenever its text or its caret has changed. */
export function useCompletion(roomId: number, field: RefObject<HTMLTextAreaElement | null>) {
  const id = useId()
  const [query, setQuery] = useState<Query>()
  const [active, setActive] = useState(0)
  /** Where a word begins of which the suggestions were sent away. */
  const [dismissed, setDismissed] = useState<number>()
  const found = useSuggestions(roomId, query)
  const isOpen = query !== undefined && query.from !== dismissed && found !== undefined && found.length > 0
  const suggestions = isOpen ? found : undefined
  const chosen = Math.min(active, (suggestions?.length ?? 1) - 1)

  const look = () => {
    const input = field.current
    const next = input && document.activeElement === input ? findQueryIn(input) : undefined
    if (next?.from !== query?.from) setDismissed(undefined)
    if (next?.from === query?.from && next?.word === query?.word && next?.sign === query?.sign) return
    setQuery(next)
    setActive(0)
  }
  const pick = ({ insert, look }: Suggestion) => {
    const input = field.current
    if (!input || !query) return
    const text = /^\s/.test(input.value.slice(query.to)) ? insert : `${insert} `
    const caret = query.from + insert.length + 1
    applyEdit(input, { from: query.from, to: query.to, text, select: [caret, caret] })
    setQuery(undefined)
    if ('glyph' in look) rememberEmoji(insert)
  }
  /** Whether the key was meant for the suggestions. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (!suggestions || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
    const count = suggestions.length
    const suggestion = suggestions[chosen]
    if (event.key === 'ArrowDown') setActive((chosen + 1) % count)
    else if (event.key === 'ArrowUp') setActive((chosen + count - 1) % count)
    else if (isShortcut(event, 'give_up')) setDismissed(query?.from)
    else if (isShortcut(event, 'choose_suggestion') && suggestion) pick(suggestion)
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  const close = () => setQuery(undefined)
  const aria = {
    'aria-autocomplete': 'list',
    'aria-controls': suggestions ? id : undefined,
    'aria-activedescendant': suggestions ? `${id}-${chosen}` : undefined,
  } as const
  return { id, suggestions, active: chosen, look, pick, onKey, point: setActive, close, aria }
}

function findQueryIn(input: HTMLTextAreaElement): Query | undefined {
  return findQuery(input.value, input.selectionStart, input.selectionEnd)
}
