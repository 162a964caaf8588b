import type { RoomView } from '@grandchat/client'
import { say } from '../locales/words.ts'
import { useClient } from '../client-context.tsx'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { useSubmit } from '../ui/use-submit.ts'

/** Asked only for private rooms: the way back is not one's own to take. */
export default function LeaveRoomDialog({ room, onClosed }: { room: RoomView; onClosed: () => void }) {
  return (
    <Dialog
      title={say('room.leave.title', { room: room.title })}
      text={say(room.kind === 'private' ? 'room.leave.private' : 'room.leave.archived')}
      onClosed={onClosed}
    >
      {(close) => <LeaveRoom room={room} onDone={close} />}
    </Dialog>
  )
}

function LeaveRoom({ room, onDone }: { room: RoomView; onDone: () => void }) {
  const client = useClient()
  const form = useSubmit(
    () => ({}),
    async () => {
      navigate(paths.home)
      await client.rooms.leave(room.id)
      onDone()
    },
  )
  return (
    <form onSubmit={form.onSubmit}>
      <FormProblem text={form.whole} />
      <DialogActions>
        <Button onClick={onDone}>{say('app.cancel')}</Button>
        <Button type="submit" look="danger" busy={form.busy}>
          {say('room.leave.action')}
        </Button>
      </DialogActions>
    </form>
  )
}
