import { useState } from 'react'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { AccountFields, emptyAccount } from '../sessions/account-fields.tsx'
import { accountToSend, checkAccount } from '../sessions/check-account.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { toast } from '../ui/toast.tsx'
import { useSubmit } from '../ui/use-submit.ts'
import { displayName } from './names.ts'

/** The owner makes an account for somebody else. */
export default function CreateAccountDialog({ onClosed }: { onClosed: () => void }) {
  return (
    <Dialog title={say('user.create.title')} text={say('user.create.text')} onClosed={onClosed}>
      {(close) => <CreateAccount onDone={close} />}
    </Dialog>
  )
}

function CreateAccount({ onDone }: { onDone: () => void }) {
  const client = useClient()
  const [account, setAccount] = useState(emptyAccount)
  const form = useSubmit(
    () => checkAccount(account),
    async () => {
      const user = await client.users.create(accountToSend(account))
      toast(say('user.create.done', { name: displayName(user) }))
      onDone()
    },
  )
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
      <FormProblem text={form.whole} />
      <AccountFields account={account} onChange={setAccount} problemAt={form.problemAt} withEmail />
      <DialogActions>
        <Button onClick={onDone}>{say('app.cancel')}</Button>
        <Button type="submit" look="primary" busy={form.busy}>
          {say('user.create.action')}
        </Button>
      </DialogActions>
    </form>
  )
}
