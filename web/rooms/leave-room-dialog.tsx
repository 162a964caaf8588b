import type { RoomView } from '@grandchat/client'
import { say } from '../locales/words.ts'
import { useClient } from '../client-context.tsx'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { useSubmit } from '../ui/use-submit.ts'

/** Asked where the way back is not one's own to take: of private rooms and archived ones. */
export default function LeaveRoomDialog({ room, onClosed }: { room: RoomView; onClosed: () => void }) {
  return (
    <Dialog title={say('room.leave.title', { room: room.title })} text={say(warningOf(room))} onClosed={onClosed}>
      {(close) => <LeaveRoom room={room} onDone={close} />}
    </Dialog>
  )
}

/** Into a room that is private or archived the last one who leaves lets nobody in again, and nobody else can restore it. */
function warningOf({ kind, member_count }: RoomView) {
  if (member_count === 1) return 'room.leave.last'
  return kind === 'private' ? 'room.leave.private' : 'room.leave.archived'
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
