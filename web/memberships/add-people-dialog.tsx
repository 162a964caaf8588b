import { useEffect, useMemo, useState } from 'react'
import type { RoomView } from '@grandchat/client'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient, useObservable } from '../client-context.tsx'
import { say, sayNames } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { toast } from '../ui/toast.tsx'
import { useSubmit } from '../ui/use-submit.ts'
import { displayName } from '../users/names.ts'
import { PeoplePicker } from '../users/people-picker.tsx'

const atOnce = 20
const namesShown = 3

export default function AddPeopleDialog({ room, onClosed }: { room: RoomView; onClosed: () => void }) {
  const text = say(room.kind === 'private' ? 'members.add.private' : 'members.add.public')
  return (
    <Dialog title={say('members.add.title', { room: room.title })} text={text} onClosed={onClosed}>
      {(close) => <AddPeople room={room} onDone={close} />}
    </Dialog>
  )
}

function AddPeople({ room, onDone }: { room: RoomView; onDone: () => void }) {
  const { members } = useClient()
  const [chosen, setChosen] = useState<readonly User[]>([])
  const list = useObservable(useMemo(() => members.list(room.id), [members, room.id]))
  useEffect(() => members.open(room.id), [members, room.id])
  const inside = useMemo(() => new Set(list.members.map(({ user }) => user.id)), [list])
  const form = useSubmit(
    (): Record<string, string> => (chosen.length === 0 ? { people: say('people.missing') } : {}),
    async () => {
      // One after the other: whoever was added is chosen no more if a later one fails.
      for (const user of chosen) {
        await members.add(room.id, user.id)
        setChosen((left) => left.filter(({ id }) => id !== user.id))
      }
      toast(say('members.added', { names: sayNames(chosen.map(displayName), namesShown) }))
      onDone()
    },
  )
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-3">
      <FormProblem text={form.whole ?? form.problemAt('people')} />
      <PeoplePicker
        chosen={chosen}
        onChange={setChosen}
        whyNot={({ id }) => (inside.has(id) ? say('members.inside') : undefined)}
        max={atOnce}
      />
      <DialogActions>
        <Button onClick={onDone}>{say('app.cancel')}</Button>
        <Button type="submit" look="primary" busy={form.busy}>
          {say('members.add.action')}
        </Button>
      </DialogActions>
    </form>
  )
}
