import { Fragment } from 'react'
import type { RoomView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import type { PressedBy } from '../ui/pressed-by.ts'
import { levels, roomActions } from './room-actions.ts'
import { RoomMenuButton } from './room-menu-button.tsx'

export default function RoomMenu({ room, wasPressed }: { room: RoomView; wasPressed: PressedBy }) {
  const client = useClient()
  const openDialog = useOpenDialog()
  // Which of them are offered depends on it.
  useObservable(client.sections.placements)
  const doing = { client, openDialog }
  const offered = roomActions
    .map((actions) => actions.filter(({ isFor = () => true }) => isFor(room, doing)))
    .filter((actions) => actions.length > 0)
  return (
    <Menu trigger={<RoomMenuButton />} side="bottom" align="end" wasPressed={wasPressed}>
      {offered.map((actions, index) => (
        <Fragment key={actions[0]?.key}>
          {index > 0 && <MenuLine />}
          {actions.map(({ key, icon: Icon, text, danger = false, act }) => (
            <MenuItem key={key} icon={<Icon size={16} />} danger={danger} onClick={() => act(room, doing)}>
              {text()}
            </MenuItem>
          ))}
          {index === 1 && (
            <MenuChoice
              label={say('room.level')}
              value={room.level}
              choices={levels.map(({ value, text, icon: Icon }) => ({
                value,
                label: text(),
                icon: <Icon size={16} />,
              }))}
              onChange={(level) => client.rooms.setLevel(room.id, level)}
            />
          )}
        </Fragment>
      ))}
    </Menu>
  )
}
