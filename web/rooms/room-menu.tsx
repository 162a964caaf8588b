import type { RoomView } from '@grandchat/client'
import { Menu } from '../ui/menu.tsx'
import type { PressedBy } from '../ui/pressed-by.ts'
import { RoomMenuButton } from './room-menu-button.tsx'
import { RoomMenuItems } from './room-menu-items.tsx'

export default function RoomMenu({ room, wasPressed }: { room: RoomView; wasPressed: PressedBy }) {
  return (
    <Menu trigger={<RoomMenuButton />} side="bottom" align="end" wasPressed={wasPressed}>
      <RoomMenuItems room={room} />
    </Menu>
  )
}
