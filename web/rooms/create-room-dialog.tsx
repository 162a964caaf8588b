import { useState } from 'react'
import Hash from 'lucide-react/icons/hash'
import Lock from 'lucide-react/icons/lock'
import type { Posting } from '@grandchat/contracts/rooms/schema'
import { limits } from '@grandchat/contracts/limits'
import { countCodePoints, isVisible } from '@grandchat/contracts/text'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { useSubmit } from '../ui/use-submit.ts'
import { KindChoice } from './kind-choice.tsx'
import { PostingChoice } from './posting-choice.tsx'

type Kind = 'public' | 'private'

export default function CreateRoomDialog({ roomName, onClosed }: { roomName: string; onClosed: () => void }) {
  return (
    <Dialog title={say('create_room.title')} onClosed={onClosed}>
      {(close) => <CreateRoom roomName={roomName} onDone={close} />}
    </Dialog>
  )
}

function checkName(name: string): Record<string, string> {
  if (!isVisible(name)) return { name: say('create_room.name.missing') }
  if (countCodePoints(name.trim()) > limits.roomName)
    return { name: say('create_room.name.long', { max: limits.roomName }) }
  return {}
}

function CreateRoom({ roomName, onDone }: { roomName: string; onDone: () => void }) {
  const client = useClient()
  const [name, setName] = useState(roomName)
  const [kind, setKind] = useState<Kind>('public')
  const [posting, setPosting] = useState<Posting>('all')
  const form = useSubmit(
    () => checkName(name),
    async () => {
      const room = await client.rooms.create({ name, kind, posting })
      onDone()
      navigate(paths.room(room.id))
    },
  )
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
      <FormProblem text={form.whole} />
      <Field
        label={say('create_room.name')}
        hint={say('create_room.name.hint')}
        problem={form.problemAt('name')}
        name="name"
        autoComplete="off"
        dir="auto"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-meta font-medium">{say('create_room.kind')}</legend>
        <KindChoice
          icon={<Hash size={18} aria-hidden />}
          title={say('create_room.public')}
          text={say('create_room.public.text')}
          checked={kind === 'public'}
          onChoose={() => setKind('public')}
        />
        <KindChoice
          icon={<Lock size={18} aria-hidden />}
          title={say('create_room.private')}
          text={say('create_room.private.text')}
          checked={kind === 'private'}
          onChoose={() => setKind('private')}
        />
      </fieldset>
      <PostingChoice value={posting} onChange={setPosting} />
      <DialogActions>
        <Button onClick={onDone}>{say('app.cancel')}</Button>
        <Button type="submit" look="primary" busy={form.busy}>
          {say('create_room.action')}
        </Button>
      </DialogActions>
    </form>
  )
}
