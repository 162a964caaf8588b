import { useEffect, useState } from 'react'
import LinkOff from 'lucide-react/icons/unlink'
import Unplug from 'lucide-react/icons/unplug'
import type { InviteState } from '@grandchat/contracts/users/schema'
import { useClient } from '../client-context.tsx'
import { codeOf, problemOf, say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { AccountFields, emptyAccount } from '../sessions/account-fields.tsx'
import { AuthPage } from '../sessions/auth-page.tsx'
import { accountToSend, checkAccount } from '../sessions/check-account.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useSubmit } from '../ui/use-submit.ts'
import { displayName } from '../users/names.ts'

type State =
  | { status: 'loading' }
  | { status: 'valid'; invite: InviteState }
  | { status: 'failed'; code: string; text: string }

/** Who follows an invite link chooses a name and a password here. */
export default function AcceptInvite({ code }: { code: string }) {
  const [attempt, setAttempt] = useState(0)
  return <CheckedInvite key={`${code} ${attempt}`} code={code} onTryAgain={() => setAttempt(attempt + 1)} />
}

function CheckedInvite({ code, onTryAgain }: { code: string; onTryAgain: () => void }) {
  const client = useClient()
  const [state, setState] = useState<State>({ status: 'loading' })

  useEffect(() => {
    let current = true
    client.invites
      .get(code)
      .then((invite) => current && setState({ status: 'valid', invite }))
      .catch((error: unknown) => {
        if (current) setState({ status: 'failed', code: codeOf(error), text: problemOf(error).text })
      })
    return () => {
      current = false
    }
  }, [client, code])

  if (state.status === 'loading') return <Checking />
  if (state.status === 'valid') return <Accept code={code} invite={state.invite} />
  return <Refused code={state.code} text={state.text} onTryAgain={onTryAgain} />
}

function Checking() {
  return (
    <AuthPage title={say('invite.title')}>
      <Loading className="appears-late -mt-5 flex flex-col gap-5">
        <Skeleton className="mb-6 h-3.5 w-4/5" />
        {['w-20', 'w-16'].map((label) => (
          <div key={label} className="flex flex-col gap-2.5">
            <Skeleton className={`h-3 ${label}`} />
            <Skeleton className="h-10 w-full max-wide:h-11" />
            <Skeleton className="h-3 w-full" />
          </div>
        ))}
        <Skeleton className="mt-1 h-10 w-full" />
      </Loading>
    </AuthPage>
  )
}

function Accept({ code, invite }: { code: string; invite: InviteState }) {
  const client = useClient()
  const [account, setAccount] = useState(emptyAccount)
  const form = useSubmit(
    () => checkAccount(account),
    async () => {
      await client.invites.accept(code, accountToSend(account))
      navigate(paths.home, { replace: true })
    },
  )
  return (
    <AuthPage title={say('invite.title')} text={say('invite.text', { name: displayName(invite.invited_by) })}>
      <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
        <FormProblem text={form.whole} />
        <AccountFields account={account} onChange={setAccount} problemAt={form.problemAt} />
        <Button type="submit" look="primary" busy={form.busy} className="mt-1 h-10">
          {say('invite.action')}
        </Button>
      </form>
    </AuthPage>
  )
}

function Refused({ code, text, onTryAgain }: { code: string; text: string; onTryAgain: () => void }) {
  const invalid = code === 'invite_invalid' || code === 'not_found'
  return (
    <main className="flex min-h-dvh bg-side">
      <Empty
        alone
        icon={invalid ? <LinkOff size={32} strokeWidth={1.5} /> : <Unplug size={32} strokeWidth={1.5} />}
        title={say(invalid ? 'invite.invalid.title' : 'invite.failed.title')}
        text={invalid ? say('invite.invalid.text') : text}
      >
        {!invalid && (
          <Button look="primary" onClick={onTryAgain}>
            {say('app.try_again')}
          </Button>
        )}
        <Button onClick={() => navigate(paths.home, { replace: true })}>{say('invite.invalid.action')}</Button>
      </Empty>
    </main>
  )
}
