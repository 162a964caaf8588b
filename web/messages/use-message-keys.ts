import type { FocusEvent, KeyboardEvent, RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { useClient } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { focusComposer } from './focus-composer.ts'
import type { Item } from './items.ts'
import { startOf } from './list-head.tsx'
import { actionOfKey } from './message-actions.tsx'
import { pointAt } from './pointing.ts'
import type { ConversationActs } from './pointing.ts'
import { makeAbout } from './use-about.ts'
import { findStop } from './use-row-focus.ts'

type Options = {
  items: readonly Item[]
  list: RefObject<VirtualizerHandle | null>
  conversation: ConversationActs
  focusIndex: (index: number) => void
}

/** The keyboard among messages: arrows move, Enter opens the menu, letters do what the menu says they do. */
export function useMessageKeys({ items, list, conversation, focusIndex }: Options) {
  const client = useClient()
  const openDialog = useOpenDialog()

  /** Where a key leads from the row at `at`; -1 for the list itself. Undefined for keys that do not move. */
  const placeAfter = (event: KeyboardEvent, at: number): number | undefined => {
    const shown = at === -1 ? lastOnScreen(list.current, items) : undefined
    if (isShortcut(event, 'message_above')) return findStop(items, shown ?? at - 1, -1)
    if (isShortcut(event, 'message_below'))
      return shown === undefined ? findStop(items, at + 1, 1) : findStop(items, shown, -1)
    if (isShortcut(event, 'first_message')) return findStop(items, 0, 1)
    return isShortcut(event, 'last_message') ? findStop(items, items.length - 1, -1) : undefined
  }
  const move = (event: KeyboardEvent, at: number): boolean => {
    const next = placeAfter(event, at)
    if (next === undefined) return false
    const { outside } = conversation
    if (next !== -1) focusIndex(next)
    else if (outside) outside.goPast(isShortcut(event, 'message_below') ? 1 : -1)
    else if (isShortcut(event, 'message_below')) focusComposer(conversation)
    return true
  }
  const act = (event: KeyboardEvent, item: Item): boolean => {
    const { key, message } = item
    if (!message) return false
    if (isShortcut(event, 'message_menu')) {
      pointAt(conversation, { popup: { key, name: 'menu' } })
      return true
    }
    const about = makeAbout({ key, message, client, openDialog, conversation })
    const action = actionOfKey(about, event)
    action?.run(about)
    return action !== undefined
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.defaultPrevented) return
    const row = rowOf(event.target)
    const isIn = event.target === event.currentTarget || event.target === row
    if (isShortcut(event, 'leave_messages') && row) {
      if (isIn) focusComposer(conversation)
      else row.focus({ preventScroll: true })
      return event.preventDefault()
    }
    if (!isIn) return
    const at = items.findIndex((item) => item.key === row?.dataset.key)
    const item = items[at]
    if (move(event, at) || (item && act(event, item))) event.preventDefault()
  }
  const onFocus = ({ target }: FocusEvent<HTMLElement>) => {
    const key = rowOf(target)?.dataset.key
    if (key !== undefined && isFocusVisible(target)) pointAt(conversation, { focused: key, hovered: undefined })
  }
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) => {
    const isOpen = conversation.pointing.get().popup !== undefined
    if (!isOpen && !currentTarget.contains(relatedTarget)) pointAt(conversation, { focused: undefined })
  }
  return { onKeyDown, onFocus, onBlur }
}

function rowOf(target: EventTarget): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('article[data-key]') : null
}

/** A click into a message is not where the keyboard is. */
function isFocusVisible(target: EventTarget & Element): boolean {
  return target.matches(':focus-visible')
}

function lastOnScreen(list: VirtualizerHandle | null, items: readonly Item[]): number {
  if (!list) return items.length - 1
  const end = list.scrollOffset + list.viewportSize
  const index = list.findItemIndex(end)
  const isCutOff = startOf(list, index) + list.getItemSize(index) > end
  return isCutOff ? Math.max(0, index - 1) : index
}
