import MessagesSquare from 'lucide-react/icons/messages-square'
import { useClient, useMe, useObservable } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { mayInvite } from '../invites/may-invite.ts'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'

/** Beside the list while no room is chosen; the welcome of somebody who has none. */
export function NoRoom() {
  const { status, rooms } = useObservable(useClient().rooms.list)
  const me = useMe()
  const openDialog = useOpenDialog()
  if (status !== 'ready' && rooms.length === 0) return null
  const first = rooms.length === 0
  // Who was invited finds rooms there; who set all of this up makes the first.
  const creates = first && mayInvite(me)
  return (
    <Empty
      alone
      icon={<MessagesSquare size={32} strokeWidth={1.5} />}
      title={say(first ? 'rooms.first.title' : 'rooms.choose.title')}
      text={say(first ? 'rooms.first.text' : 'rooms.choose.text')}
    >
      {first && !creates && (
        <Button look="primary" onClick={() => navigate(paths.discover)}>
          {say('rooms.discover')}
        </Button>
      )}
      <Button look={creates ? 'primary' : 'secondary'} onClick={() => openDialog({ name: 'create-room' })}>
        {say('rooms.create')}
      </Button>
      {(!first || creates) && <Button onClick={() => navigate(paths.discover)}>{say('rooms.discover')}</Button>}
      {first && mayInvite(me) && (
        <Button look="quiet" onClick={() => openDialog({ name: 'invite' })}>
          {say('invite.make.title')}
        </Button>
      )}
    </Empty>
  )
}
