import { Suspense } from 'react'
import type { RefObject } from 'react'
import { flushSync } from 'react-dom'
import { lazyPart } from '../parts.ts'
import { toggleReaction } from '../reactions/toggle-reaction.ts'
import type { About, MessageAction } from './message-actions.tsx'
import { pointAt } from './pointing.ts'
import type { Popup } from './pointing.ts'
import { returnFocus } from './return-focus.ts'

const MessageMenu = lazyPart(() => import('./message-menu.tsx'))
const MessageSheet = lazyPart(() => import('./message-sheet.tsx'))
const ReactionsPopover = lazyPart(() => import('../reactions/reactions-popover.tsx'))
const SeenPopover = lazyPart(() => import('../receipts/seen-popover.tsx'))
const EmojiPicker = lazyPart(() => import('../emoji/emoji-picker.tsx'))

/** What the menu, the sheet and the choice of reactions get to work with. */
export type PopupProps = {
  about: About
  anchor: RefObject<HTMLElement | null>
  onAct: (action: MessageAction) => void
  onReact: (emoji: string) => void
  /** All emoji, please. */
  onMore: () => void
  onClose: () => void
}

type MessagePopupProps = { name: Popup; about: About; anchor: RefObject<HTMLElement | null> }

/** What is open about a message: beside it, or from the bottom of a small screen. */
export function MessagePopup({ name, about, anchor }: MessagePopupProps) {
  const { client, conversation, key, message } = about
  const close = () => {
    // Gone at once, and with it its hold on the focus.
    flushSync(() => pointAt(conversation, { popup: undefined }))
    // What was done may have given the focus to something else.
    requestAnimationFrame(() => returnFocus(conversation, key))
  }
  const props: PopupProps = {
    about,
    anchor,
    onAct(action) {
      close()
      action.run(about)
    },
    onReact(emoji) {
      close()
      toggleReaction(client, message, emoji)
    },
    onMore: () => pointAt(conversation, { popup: { key, name: 'emoji' } }),
    onClose: close,
  }
  return <Suspense>{popupOf(name, props)}</Suspense>
}

function popupOf(name: Popup, props: PopupProps) {
  if (name === 'emoji') {
    const row = props.anchor.current?.closest('article') ?? null
    return <EmojiPicker onPick={props.onReact} onClose={props.onClose} anchor={row} />
  }
  if (name === 'seen') return <SeenPopover {...props} />
  if (matchMedia('(max-width: 899.98px)').matches) return <MessageSheet {...props} />
  return name === 'menu' ? <MessageMenu {...props} /> : <ReactionsPopover {...props} />
}
