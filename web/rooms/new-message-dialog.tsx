import { useState } from 'react'
import { limits } from '@grandchat/contracts/limits'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { useSubmit } from '../ui/use-submit.ts'
import { PeoplePicker } from '../users/people-picker.tsx'

/** Whom to write to: one person or several, whose direct room is opened. */
export default function NewMessageDialog({ onClosed }: { onClosed: () => void }) {
  return (
    <Dialog title={say('direct.new')} text={say('direct.new.text')} onClosed={onClosed}>
      {(close) => <NewMessage onDone={close} />}
    </Dialog>
  )
}

function NewMessage({ onDone }: { onDone: () => void }) {
  const { rooms } = useClient()
  const [chosen, setChosen] = useState<readonly User[]>([])
  const form = useSubmit(
    (): Record<string, string> => (chosen.length === 0 ? { people: say('people.missing') } : {}),
    async () => {
      const room = await rooms.openDirect(chosen.map(({ id }) => id))
      onDone()
      navigate(paths.room(room.id))
    },
  )
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-3">
      <FormProblem text={form.whole ?? form.problemAt('people')} />
      <PeoplePicker chosen={chosen} onChange={setChosen} max={limits.directUsers - 1} />
      <DialogActions>
        <Button onClick={onDone}>{say('app.cancel')}</Button>
        <Button type="submit" look="primary" busy={form.busy}>
          {say('direct.open')}
        </Button>
      </DialogActions>
    </form>
  )
}
