import type { ComponentType } from 'react'
import CheckCheck from 'lucide-react/icons/check-check'
import Compass from 'lucide-react/icons/compass'
import LinkIcon from 'lucide-react/icons/link'
import LogOut from 'lucide-react/icons/log-out'
import Monitor from 'lucide-react/icons/monitor'
import Moon from 'lucide-react/icons/moon'
import PanelLeft from 'lucide-react/icons/panel-left'
import Plus from 'lucide-react/icons/plus'
import Rows4 from 'lucide-react/icons/rows-4'
import Search from 'lucide-react/icons/search'
import Sun from 'lucide-react/icons/sun'
import UserPlus from 'lucide-react/icons/user-plus'
import type { Client } from '@grandchat/client'
import type { Me } from '@grandchat/contracts/sessions/schema'
import type { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { navigate, parseRoute, paths } from '../router.tsx'
import { markAllRead } from '../rooms/mark-all-read.ts'
import { toggleSidebar } from '../rooms/sidebar-size.ts'
import { density } from '../ui/density.ts'
import { theme } from '../ui/theme.ts'
import { openSearch } from './open-search.ts'

/** What a command is given to work with. */
export type CommandContext = {
  client: Client
  me: Me
  openDialog: ReturnType<typeof useOpenDialog>
  signOut: () => void
}

export type Command = {
  id: string
  label: () => string
  icon: ComponentType<{ size?: number }>
  run: (context: CommandContext) => void
  /** For whom, or when; always unless said otherwise. */
  isShown?: (context: CommandContext) => boolean
}

/** Everything that can be done from anywhere: a new command is one entry. */
export const commands: readonly Command[] = [
  {
    id: 'search',
    label: () => say('command.search'),
    icon: Search,
    run: () => openSearch(parseRoute(location.pathname)),
  },
  {
    id: 'new-room',
    label: () => say('rooms.create'),
    icon: Plus,
    run: ({ openDialog }) => openDialog({ name: 'create-room' }),
  },
  { id: 'discover', label: () => say('rooms.discover'), icon: Compass, run: () => navigate(paths.discover) },
  {
    id: 'mark-all-read',
    label: () => say('command.mark_all_read'),
    icon: CheckCheck,
    run: ({ client }) => markAllRead(client),
    isShown: ({ client }) => client.rooms.list.get().rooms.some(({ unread }) => unread > 0),
  },
  {
    id: 'invite',
    label: () => say('invite.make.title'),
    icon: LinkIcon,
    run: ({ openDialog }) => openDialog({ name: 'invite' }),
  },
  {
    id: 'create-account',
    label: () => say('user.create.title'),
    icon: UserPlus,
    run: ({ openDialog }) => openDialog({ name: 'create-account' }),
    isShown: ({ me }) => me.role === 'owner',
  },
  { id: 'theme-light', label: () => say('command.theme.light'), icon: Sun, run: () => theme.set('light') },
  { id: 'theme-dark', label: () => say('command.theme.dark'), icon: Moon, run: () => theme.set('dark') },
  { id: 'theme-system', label: () => say('command.theme.system'), icon: Monitor, run: () => theme.set('system') },
  {
    id: 'density',
    label: () => say(density.get() === 'compact' ? 'command.density.comfortable' : 'command.density.compact'),
    icon: Rows4,
    run: () => density.set(density.get() === 'compact' ? 'comfortable' : 'compact'),
  },
  { id: 'sidebar', label: () => say('command.sidebar'), icon: PanelLeft, run: toggleSidebar },
  { id: 'sign-out', label: () => say('session.sign_out'), icon: LogOut, run: ({ signOut }) => signOut() },
]
