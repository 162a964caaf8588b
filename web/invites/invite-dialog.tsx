import { useCallback, useEffect, useRef, useState } from 'react'
import type { Invite } from '@grandchat/contracts/users/schema'
import { useClient } from '../client-context.tsx'
import { sayTime } from '../locales/times.ts'
import { problemOf, say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { copyText } from '../ui/copy-text.ts'

/** Makes a link as soon as it opens: that is what whoever opens it came for. */
export default function InviteDialog({ onClosed }: { onClosed: () => void }) {
  return (
    <Dialog title={say('invite.make.title')} text={say('invite.make.text')} onClosed={onClosed}>
      {() => <MakeInvite />}
    </Dialog>
  )
}

function MakeInvite() {
  const client = useClient()
  const [invite, setInvite] = useState<Invite>()
  const [problem, setProblem] = useState<string>()
  const asked = useRef(false)

  const make = useCallback(() => {
    setProblem(undefined)
    client.invites.create().then(setInvite, (error: unknown) => setProblem(problemOf(error).text))
  }, [client])

  useEffect(() => {
    if (!asked.current) make()
    asked.current = true
  }, [make])

  return (
    <div className="flex flex-col gap-5">
      <FormProblem text={problem} />
      {problem === undefined && !invite && (
        <Loading className="appears-late">
          <Skeleton className="mb-1.5 h-4.5 w-20" />
          <Skeleton className="h-10 w-full" />
        </Loading>
      )}
      {invite && <InviteLink key={invite.url} invite={invite} />}
      <DialogActions>
        <Button onClick={make}>{say(problem === undefined ? 'invite.make.another' : 'app.try_again')}</Button>
      </DialogActions>
    </div>
  )
}

type Copied = 'no' | 'yes' | 'by_hand'

function InviteLink({ invite }: { invite: Invite }) {
  const input = useRef<HTMLInputElement>(null)
  const copyButton = useRef<HTMLButtonElement>(null)
  const [copied, setCopied] = useState<Copied>('no')
  // What one came for is one key away.
  useEffect(() => copyButton.current?.focus(), [])
  const copy = () => {
    const field = input.current
    if (field) void copyText(invite.url, field).then((done) => setCopied(done ? 'yes' : 'by_hand'))
  }
  const expires = say('invite.make.expires', { time: sayTime(invite.expires_at) })
  return (
    <div className="flex items-start gap-2">
      <Field
        ref={input}
        className="min-w-0 flex-1"
        label={say('invite.make.link')}
        hint={copied === 'by_hand' ? say('invite.make.copy_by_hand') : expires}
        readOnly
        dir="ltr"
        value={invite.url}
        onFocus={(event) => event.target.select()}
      />
      <Button ref={copyButton} look="primary" className="mt-6 h-10 min-w-22" onClick={copy}>
        <span aria-live="polite">{say(copied === 'yes' ? 'invite.make.copied' : 'invite.make.copy')}</span>
      </Button>
    </div>
  )
}
