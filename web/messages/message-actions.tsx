import type { ReactNode } from 'react'
import Bookmark from 'lucide-react/icons/bookmark'
import BookmarkMinus from 'lucide-react/icons/bookmark-minus'
import CheckCheck from 'lucide-react/icons/check-check'
import Copy from 'lucide-react/icons/copy'
import Forward from 'lucide-react/icons/forward'
import History from 'lucide-react/icons/history'
import Link2 from 'lucide-react/icons/link-2'
import MailOpen from 'lucide-react/icons/mail-open'
import MessageSquareText from 'lucide-react/icons/message-square-text'
import Pencil from 'lucide-react/icons/pencil'
import Pin from 'lucide-react/icons/pin'
import PinOff from 'lucide-react/icons/pin-off'
import Reply from 'lucide-react/icons/reply'
import SmilePlus from 'lucide-react/icons/smile-plus'
import Trash2 from 'lucide-react/icons/trash-2'
import type { Client, MessageView, RoomView } from '@grandchat/client'
import type { OpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { mayRun, mayWrite } from '../rooms/may.ts'
import { navigate, paths } from '../router.tsx'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import type { NameIn, PressedKey } from '../shortcuts/shortcuts.ts'
import { openThread } from '../threads/open-thread.ts'
import { copyText } from '../ui/copy-text.ts'
import { toast } from '../ui/toast.tsx'
import { deleteSoon } from './deleting.ts'
import { startEdit } from './editing.ts'
import { focusComposer } from './focus-composer.ts'
import { hasThread, isRemoved } from './items.ts'
import { pointAt } from './pointing.ts'
import type { ConversationActs } from './pointing.ts'
import { startReply } from './replies.ts'

/** A message, and all that its actions work with. */
export type About = {
  key: string
  message: MessageView
  /** Undefined once the viewer is no longer in it. */
  room: RoomView | undefined
  isOwn: boolean
  client: Client
  openDialog: OpenDialog
  conversation: ConversationActs
}

/** One thing that can be done with a message: an entry of its menu, with a key while the message has the focus. */
export type MessageAction = {
  name: string
  label: () => string
  icon: ReactNode
  shortcut?: NameIn<'messages'>
  isDanger?: boolean
  /** A line stands between groups. */
  group: 'talk' | 'share' | 'keep' | 'end'
  isShown: (about: About) => boolean
  run: (about: About) => void
}

const isOpen = ({ room }: About) => room?.archived_at === null
const canWrite = ({ room }: About) => room !== undefined && mayWrite(room)
const isInThread = ({ message, conversation }: About) => message.thread_id !== 0 || conversation.threadId !== undefined
/** Above its thread, a message is not changed: it is where it was said. */
const isRoot = ({ message, conversation }: About) => message.id === conversation.threadId
const runsRoom = ({ room }: About) => room !== undefined && mayRun(room)

/** In the order of the menu. */
const actions: readonly MessageAction[] = [
  {
    name: 'react',
    label: () => say('messages.react'),
    icon: <SmilePlus size={16} />,
    shortcut: 'react',
    group: 'talk',
    isShown: isOpen,
    run: ({ conversation, key }) => pointAt(conversation, { popup: { key, name: 'reactions' } }),
  },
  {
    name: 'reply',
    label: () => say('messages.reply'),
    icon: <Reply size={16} />,
    shortcut: 'reply',
    group: 'talk',
    isShown: (about) => !isInThread(about) && canWrite(about),
    run({ message, conversation }) {
      startReply(message.room_id, message.id)
      if (conversation.outside) navigate(paths.message(message.room_id, message.id))
      else focusComposer()
    },
  },
  {
    name: 'thread',
    label: () => say('threads.reply'),
    icon: <MessageSquareText size={16} />,
    shortcut: 'thread',
    group: 'talk',
    isShown: (about) => !isInThread(about) && (canWrite(about) || hasThread(about.message)),
    run: ({ message }) => openThread(message.room_id, message.id),
  },
  {
    name: 'edit',
    label: () => say('messages.edit'),
    icon: <Pencil size={16} />,
    shortcut: 'edit',
    group: 'talk',
    isShown: (about) => isOpen(about) && about.isOwn && about.message.forwarded === null && !isRoot(about),
    run: ({ message }) => startEdit(message.id, message.content),
  },
  {
    name: 'forward',
    label: () => say('messages.forward'),
    icon: <Forward size={16} />,
    shortcut: 'forward',
    group: 'share',
    isShown: () => true,
    run: ({ openDialog, message }) => openDialog({ name: 'forward', message }),
  },
  {
    name: 'copy-link',
    label: () => say('messages.copy_link'),
    icon: <Link2 size={16} />,
    shortcut: 'copy_link',
    group: 'share',
    isShown: () => true,
    run: ({ message }) => copy(location.origin + pathOf(message), say('messages.copied_link')),
  },
  {
    name: 'copy-text',
    label: () => say('messages.copy_text'),
    icon: <Copy size={16} />,
    group: 'share',
    isShown: () => true,
    run: ({ message }) => copy(message.content, say('messages.copied_text')),
  },
  {
    name: 'save',
    label: () => say('messages.save'),
    icon: <Bookmark size={16} />,
    shortcut: 'save',
    group: 'keep',
    isShown: ({ client, message }) => !client.saved.has(message.id).get(),
    run({ client, message }) {
      client.saved.set(message.room_id, message.id, true)
      toast(say('messages.saved'), { label: say('saved.show'), run: () => navigate(paths.saved) })
    },
  },
  {
    name: 'unsave',
    label: () => say('messages.unsave'),
    icon: <BookmarkMinus size={16} />,
    shortcut: 'save',
    group: 'keep',
    isShown: ({ client, message }) => client.saved.has(message.id).get(),
    run: ({ client, message }) => client.saved.set(message.room_id, message.id, false),
  },
  {
    name: 'unread',
    label: () => say('messages.unread'),
    icon: <MailOpen size={16} />,
    shortcut: 'unread',
    group: 'keep',
    // A thread's messages are numbered on their own, and what one said oneself was never unread.
    isShown: ({ message, room, isOwn }) =>
      room !== undefined && message.thread_id === 0 && message.seq !== null && !isOwn,
    run({ client, message }) {
      if (message.seq !== null) client.readMarkers.markUnread(message.room_id, message.seq - 1)
    },
  },
  {
    name: 'pin',
    label: () => say('messages.pin'),
    icon: <Pin size={16} />,
    shortcut: 'pin',
    group: 'keep',
    isShown: (about) => isOpen(about) && about.message.thread_id === 0 && !about.message.isPinned,
    run: ({ client, message }) => client.pins.set(message.room_id, message.id, true),
  },
  {
    name: 'unpin',
    label: () => say('messages.unpin'),
    icon: <PinOff size={16} />,
    shortcut: 'pin',
    group: 'keep',
    isShown: (about) => isOpen(about) && about.message.isPinned,
    run: ({ client, message }) => client.pins.set(message.room_id, message.id, false),
  },
  {
    name: 'seen',
    label: () => say('receipts.show'),
    icon: <CheckCheck size={16} />,
    group: 'keep',
    isShown: ({ message, isOwn }) => isOwn && message.thread_id === 0 && message.seq !== null,
    run: ({ conversation, key }) => pointAt(conversation, { popup: { key, name: 'seen' } }),
  },
  {
    name: 'edits',
    label: () => say('messages.edits'),
    icon: <History size={16} />,
    group: 'keep',
    isShown: ({ message }) => message.edited_at !== null,
    run: ({ openDialog, message }) => openDialog({ name: 'edits', message }),
  },
  {
    name: 'delete',
    label: () => say('messages.delete'),
    icon: <Trash2 size={16} />,
    shortcut: 'delete',
    isDanger: true,
    group: 'end',
    isShown: (about) => isOpen(about) && (about.isOwn || runsRoom(about)),
    run: ({ client, message }) => deleteSoon(client, message),
  },
]

function pathOf({ room_id, thread_id, id }: MessageView): string {
  return thread_id === 0 ? paths.message(room_id, id) : paths.thread(room_id, thread_id)
}

/** What the viewer may do with a message. Of one that was deleted only its thread is left. */
export function actionsOf(about: About): MessageAction[] {
  const isGone = isRemoved(about.message)
  return actions.filter((action) => (!isGone || action.name === 'thread') && action.isShown(about))
}

export function actionOfKey(about: About, event: PressedKey): MessageAction | undefined {
  return actionsOf(about).find(({ shortcut }) => shortcut !== undefined && isShortcut(event, shortcut))
}

function copy(text: string, done: string): void {
  void copyText(text).then((isCopied) => toast(isCopied ? done : say('app.not_copied')))
}
