import MessagesSquare from 'lucide-react/icons/messages-square'
import { useClient, useObservable } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FirstSteps } from './first-steps.tsx'

/** Beside the list while no room is chosen; the welcome of somebody who has none. */
export function NoRoom() {
  const { status, rooms } = useObservable(useClient().rooms.list)
  if (status !== 'ready' && rooms.length === 0) return null
  const first = rooms.length === 0
  return (
    <Empty
      alone
      icon={<MessagesSquare size={32} strokeWidth={1.5} />}
      title={say(first ? 'rooms.first.title' : 'rooms.choose.title')}
      text={say(first ? 'rooms.first.text' : 'rooms.choose.text')}
    >
      {first ? <FirstSteps /> : <Others />}
    </Empty>
  )
}

function Others() {
  const openDialog = useOpenDialog()
  return (
    <>
      <Button onClick={() => openDialog({ name: 'create-room' })}>{say('rooms.create')}</Button>
      <Button onClick={() => navigate(paths.discover)}>{say('rooms.discover')}</Button>
    </>
  )
}
