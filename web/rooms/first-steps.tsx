import { useMe } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { mayInvite } from '../invites/may-invite.ts'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'

/** For somebody without rooms: who set all of this up makes the first, and who was invited finds those there are. */
export function FirstSteps() {
  const me = useMe()
  const openDialog = useOpenDialog()
  const isFirst = mayInvite(me)
  const create = (
    <Button look={isFirst ? 'primary' : 'secondary'} onClick={() => openDialog({ name: 'create-room' })}>
      {say('rooms.create')}
    </Button>
  )
  return (
    <>
      {isFirst && create}
      <Button look={isFirst ? 'secondary' : 'primary'} onClick={() => navigate(paths.discover)}>
        {say('rooms.discover')}
      </Button>
      {!isFirst && create}
      {isFirst && (
        <Button look="quiet" onClick={() => openDialog({ name: 'invite' })}>
          {say('invite.make.title')}
        </Button>
      )}
    </>
  )
}
