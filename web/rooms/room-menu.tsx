import LogOut from 'lucide-react/icons/log-out'
import Pin from 'lucide-react/icons/pin'
import type { RoomView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { leavePublicRoom } from './leave-room.ts'
import { RoomMenuButton } from './room-menu-button.tsx'
import { togglePanel } from './side-panel.tsx'

export default function RoomMenu({ room, opensAtOnce }: { room: RoomView; opensAtOnce: boolean }) {
  const client = useClient()
  const openDialog = useOpenDialog()
  const leave = () => {
    if (room.kind !== 'public') return openDialog({ name: 'leave-room', room })
    navigate(paths.home)
    void leavePublicRoom(client, room)
  }
  return (
    <Menu trigger={<RoomMenuButton />} side="bottom" align="end" opensAtOnce={opensAtOnce}>
      <MenuItem icon={<Pin size={16} />} onClick={() => togglePanel(room.id, 'pins', false)}>
        {say('pins.title')}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<LogOut size={16} />} danger onClick={leave}>
        {say('room.leave')}
      </MenuItem>
    </Menu>
  )
}
