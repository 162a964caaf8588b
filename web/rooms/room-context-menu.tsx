import type { RoomView } from '@grandchat/client'
import { AnchoredMenu } from '../ui/menu.tsx'
import { RoomMenuItems } from './room-menu-items.tsx'

type RoomContextMenuProps = { room: RoomView; x: number; y: number; onClose: () => void }

/** The menu of a room in the list, where it was asked for. */
export default function RoomContextMenu({ room, x, y, onClose }: RoomContextMenuProps) {
  return (
    <AnchoredMenu anchor={{ getBoundingClientRect: () => new DOMRect(x, y, 0, 0) }} align="start" onClose={onClose}>
      <RoomMenuItems room={room} />
    </AnchoredMenu>
  )
}
