import Keyboard from 'lucide-react/icons/keyboard'
import LogOut from 'lucide-react/icons/log-out'
import Monitor from 'lucide-react/icons/monitor'
import Rows2 from 'lucide-react/icons/rows-2'
import Rows4 from 'lucide-react/icons/rows-4'
import Moon from 'lucide-react/icons/moon'
import Settings from 'lucide-react/icons/settings'
import Smile from 'lucide-react/icons/smile'
import Sun from 'lucide-react/icons/sun'
import UserPlus from 'lucide-react/icons/user-plus'
import LinkIcon from 'lucide-react/icons/link'
import '../locales/catching-up-words.ts'
import { useClient, useMe } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { mayInvite } from '../invites/may-invite.ts'
import { say } from '../locales/words.ts'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { navigate, paths } from '../router.tsx'
import { choose } from '../settings/shared.ts'
import { useProfile } from '../users/use-profile.ts'
import { density } from '../ui/density.ts'
import type { PressedBy } from '../ui/pressed-by.ts'
import { theme } from '../ui/theme.ts'
import { useSignOut } from './use-sign-out.ts'
import { UserButton } from './user-button.tsx'

export default function UserMenu({ wasPressed }: { wasPressed: PressedBy | undefined }) {
  const me = useMe()
  const client = useClient()
  const chosenTheme = theme.use()
  const chosenDensity = density.use()
  const openDialog = useOpenDialog()
  const status = useProfile(me.id)?.status
  const signOut = useSignOut()

  return (
    <Menu trigger={<UserButton />} side="top" align="start" wasPressed={wasPressed}>
      <MenuItem icon={<Smile size={16} />} onClick={() => openDialog({ name: 'status' })}>
        {say(status ? 'status.change' : 'status.set')}
      </MenuItem>
      <MenuItem icon={<Settings size={16} />} shortcut="settings" onClick={() => navigate(paths.settings)}>
        {say('settings.title')}
      </MenuItem>
      <MenuItem icon={<Keyboard size={16} />} shortcut="keys" onClick={() => openDialog({ name: 'keys' })}>
        {say('keys.title')}
      </MenuItem>
      {mayInvite(me) && (
        <>
          <MenuLine />
          <MenuItem icon={<LinkIcon size={16} />} onClick={() => openDialog({ name: 'invite' })}>
            {say('invite.make.title')}
          </MenuItem>
          <MenuItem icon={<UserPlus size={16} />} onClick={() => openDialog({ name: 'create-account' })}>
            {say('user.create.title')}
          </MenuItem>
        </>
      )}
      <MenuLine />
      <MenuChoice
        label={say('user.theme')}
        value={chosenTheme}
        choices={themes()}
        onChange={(value) => choose(client, 'theme', value)}
      />
      <MenuChoice
        label={say('user.density')}
        value={chosenDensity}
        choices={densities()}
        onChange={(value) => choose(client, 'density', value)}
      />
      <MenuLine />
      <MenuItem icon={<LogOut size={16} />} onClick={signOut}>
        {say('session.sign_out')}
      </MenuItem>
    </Menu>
  )
}

function themes() {
  return [
    { value: 'light', label: say('user.theme.light'), icon: <Sun size={16} /> },
    { value: 'dark', label: say('user.theme.dark'), icon: <Moon size={16} /> },
    { value: 'system', label: say('user.theme.system'), icon: <Monitor size={16} /> },
  ] as const
}

function densities() {
  return [
    { value: 'comfortable', label: say('user.density.comfortable'), icon: <Rows2 size={16} /> },
    { value: 'compact', label: say('user.density.compact'), icon: <Rows4 size={16} /> },
  ] as const
}
