import { Fragment } from 'react'
import type { RoomView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { levels, roomActions } from './room-actions.ts'

/** What can be done with a room, wherever its menu is opened. */
export function RoomMenuItems({ room }: { room: RoomView }) {
  const client = useClient()
  const openDialog = useOpenDialog()
  // Which of them are offered depends on it.
  useObservable(client.sections.placements)
  const doing = { client, openDialog }
  const offered = roomActions
    .map((actions) => actions.filter(({ isFor = () => true }) => isFor(room, doing)))
    .filter((actions) => actions.length > 0)
  return (
    <>
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
    </>
  )
}
