import type { ComponentType } from 'react'
import ALargeSmall from 'lucide-react/icons/a-large-small'
import BellOff from 'lucide-react/icons/bell-off'
import BellRing from 'lucide-react/icons/bell-ring'
import AtSign from 'lucide-react/icons/at-sign'
import Bookmark from 'lucide-react/icons/bookmark'
import CheckCheck from 'lucide-react/icons/check-check'
import Compass from 'lucide-react/icons/compass'
import Inbox from 'lucide-react/icons/inbox'
import Keyboard from 'lucide-react/icons/keyboard'
import LinkIcon from 'lucide-react/icons/link'
import LogOut from 'lucide-react/icons/log-out'
import MessageSquareText from 'lucide-react/icons/message-square-text'
import Monitor from 'lucide-react/icons/monitor'
import Moon from 'lucide-react/icons/moon'
import PanelLeft from 'lucide-react/icons/panel-left'
import PencilLine from 'lucide-react/icons/pencil-line'
import Plus from 'lucide-react/icons/plus'
import Rows4 from 'lucide-react/icons/rows-4'
import Search from 'lucide-react/icons/search'
import SendHorizontal from 'lucide-react/icons/send-horizontal'
import Settings from 'lucide-react/icons/settings'
import Smile from 'lucide-react/icons/smile'
import SquarePen from 'lucide-react/icons/square-pen'
import Sun from 'lucide-react/icons/sun'
import UserPlus from 'lucide-react/icons/user-plus'
import UsersRound from 'lucide-react/icons/users-round'
import Wind from 'lucide-react/icons/wind'
import type { Client, RoomView } from '@grandchat/client'
import type { Me } from '@grandchat/contracts/sessions/schema'
import { formatBar } from '../composer/format-bar.tsx'
import type { OpenDialog } from '../dialogs.tsx'
import { mayInvite } from '../invites/may-invite.ts'
import '../locales/account-words.ts'
import '../locales/catching-up-words.ts'
import { say } from '../locales/words.ts'
import { quietUntil } from '../notifications/choices.ts'
import { navigate, parseRoute, paths } from '../router.tsx'
import { markAllRead } from '../rooms/mark-all-read.ts'
import { levels, roomActions } from '../rooms/room-actions.ts'
import { toggleSidebar } from '../rooms/sidebar-size.ts'
import { choose } from '../settings/shared.ts'
import type { ShortcutName } from '../shortcuts/shortcuts.ts'
import { density } from '../ui/density.ts'
import { motion } from '../ui/motion.ts'
import { openSearch } from './open-search.ts'

/** What a command is given to work with. */
export type CommandContext = {
  client: Client
  me: Me
  /** The one that is open. */
  room: RoomView | undefined
  openDialog: OpenDialog
  signOut: () => void
}

export type Command = {
  id: string
  label: () => string
  icon: ComponentType<{ size?: number }>
  run: (context: CommandContext) => void
  /** The key that does the same. */
  shortcut?: ShortcutName
  /** What it is done with, where its name does not say that. */
  about?: (context: CommandContext) => string
  /** For whom, or when; always unless said otherwise. */
  isShown?: (context: CommandContext) => boolean
}

const hourMs = 60 * 60_000

/** Everything that can be done from anywhere: a new command is one entry. */
const everywhere: readonly Command[] = [
  {
    id: 'search',
    label: () => say('command.search'),
    icon: Search,
    shortcut: 'search',
    run: () => openSearch(parseRoute(location.pathname)),
  },
  {
    id: 'new-message',
    label: () => say('direct.new'),
    icon: SquarePen,
    shortcut: 'new_direct',
    run: ({ openDialog }) => openDialog({ name: 'new-message' }),
  },
  {
    id: 'new-room',
    label: () => say('rooms.create'),
    icon: Plus,
    run: ({ openDialog }) => openDialog({ name: 'create-room' }),
  },
  { ...page('unreads', Inbox, () => say('unreads.title')), shortcut: 'unreads' },
  { ...page('mentions', AtSign, () => say('mentions.title')), shortcut: 'mentions' },
  page('people', UsersRound, () => say('people.title')),
  page('discover', Compass, () => say('rooms.discover')),
  page('threads', MessageSquareText, () => say('threads.title')),
  page('drafts', PencilLine, () => say('drafts.title')),
  page('saved', Bookmark, () => say('saved.title')),
  {
    id: 'mark-all-read',
    label: () => say('command.mark_all_read'),
    icon: CheckCheck,
    shortcut: 'all_read',
    run: ({ client }) => markAllRead(client),
    isShown: ({ client }) => client.rooms.list.get().rooms.some(({ unread }) => unread > 0),
  },
  {
    id: 'status',
    label: () => say('status.title'),
    icon: Smile,
    run: ({ openDialog }) => openDialog({ name: 'status' }),
  },
  {
    id: 'unsent',
    label: () => say('unsent.title'),
    icon: SendHorizontal,
    run: ({ openDialog }) => openDialog({ name: 'unsent' }),
    isShown: ({ client }) => client.messages.unsent.get().length > 0,
  },
  {
    id: 'invite',
    label: () => say('invite.make.title'),
    icon: LinkIcon,
    run: ({ openDialog }) => openDialog({ name: 'invite' }),
    isShown: ({ me }) => mayInvite(me),
  },
  {
    id: 'create-account',
    label: () => say('user.create.title'),
    icon: UserPlus,
    run: ({ openDialog }) => openDialog({ name: 'create-account' }),
    isShown: ({ me }) => mayInvite(me),
  },
  {
    id: 'quiet',
    label: () => say('command.quiet'),
    icon: BellOff,
    run: ({ client }) => choose(client, 'quiet_until', Date.now() + hourMs),
    isShown: () => quietUntil.get() < Date.now(),
  },
  {
    id: 'no-quiet',
    label: () => say('command.quiet.end'),
    icon: BellRing,
    run: ({ client }) => choose(client, 'quiet_until', 0),
    isShown: () => quietUntil.get() > Date.now(),
  },
  {
    id: 'theme-light',
    label: () => say('command.theme.light'),
    icon: Sun,
    run: ({ client }) => choose(client, 'theme', 'light'),
  },
  {
    id: 'theme-dark',
    label: () => say('command.theme.dark'),
    icon: Moon,
    run: ({ client }) => choose(client, 'theme', 'dark'),
  },
  {
    id: 'theme-system',
    label: () => say('command.theme.system'),
    icon: Monitor,
    run: ({ client }) => choose(client, 'theme', 'system'),
  },
  {
    id: 'density',
    label: () => say(density.get() === 'compact' ? 'command.density.comfortable' : 'command.density.compact'),
    icon: Rows4,
    run: ({ client }) => choose(client, 'density', density.get() === 'compact' ? 'comfortable' : 'compact'),
  },
  {
    id: 'motion',
    label: () => say(motion.get() === 'reduced' ? 'command.motion.system' : 'command.motion.reduced'),
    icon: Wind,
    run: ({ client }) => choose(client, 'motion', motion.get() === 'reduced' ? 'system' : 'reduced'),
  },
  { id: 'sidebar', label: () => say('command.sidebar'), icon: PanelLeft, shortcut: 'sidebar', run: toggleSidebar },
  {
    id: 'formatting',
    label: () => say(formatBar.get() === 'shown' ? 'composer.format.hide' : 'composer.format'),
    icon: ALargeSmall,
    run: () => formatBar.set(formatBar.get() === 'shown' ? 'hidden' : 'shown'),
  },
  {
    id: 'settings',
    label: () => say('settings.title'),
    icon: Settings,
    shortcut: 'settings',
    run: () => navigate(paths.settings),
  },
  {
    id: 'keys',
    label: () => say('keys.show'),
    icon: Keyboard,
    shortcut: 'keys',
    run: ({ openDialog }) => openDialog({ name: 'keys' }),
  },
  { id: 'sign-out', label: () => say('session.sign_out'), icon: LogOut, run: ({ signOut }) => signOut() },
]

/** What can be done with the room that is open. */
const inRoom: readonly Command[] = [
  ...roomActions.flat().map(({ key, icon, text, isFor, act }): Command => ({
    ...inOpenRoom(key, icon, text),
    run: (context) => context.room && act(context.room, context),
    isShown: (context) => context.room !== undefined && (isFor?.(context.room, context) ?? true),
  })),
  ...levels.map(({ value, text, icon }): Command => ({
    ...inOpenRoom(`level-${value}`, icon, () => say('command.level', { level: text() })),
    run: ({ client, room }) => room && client.rooms.setLevel(room.id, value),
    isShown: ({ room }) => room !== undefined && room.level !== value,
  })),
]

export const commands: readonly Command[] = [...everywhere, ...inRoom]

function inOpenRoom(key: string, icon: Command['icon'], label: () => string) {
  return { id: `room-${key}`, icon, label, about: ({ room }: CommandContext) => room?.title ?? '' }
}

function page(
  name: 'unreads' | 'mentions' | 'people' | 'discover' | 'threads' | 'drafts' | 'saved',
  icon: Command['icon'],
  label: () => string,
): Command {
  return { id: name, label, icon, run: () => navigate(paths[name]) }
}
