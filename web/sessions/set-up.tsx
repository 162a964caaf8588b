import { useState } from 'react'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { useSubmit } from '../ui/use-submit.ts'
import { AccountFields, emptyAccount } from './account-fields.tsx'
import { AuthPage } from './auth-page.tsx'
import { accountToSend, checkAccount } from './check-account.ts'

/** The very first visit: whoever is here becomes the owner. */
export default function SetUp({ codeRequired }: { codeRequired: boolean }) {
  const client = useClient()
  const [account, setAccount] = useState(emptyAccount)
  const [code, setCode] = useState('')

  const check = () => {
    const problems = checkAccount(account)
    if (codeRequired && code.trim() === '') problems.code = say('account.code.missing')
    return problems
  }
  const form = useSubmit(check, () =>
    client.session.setUp({ ...accountToSend(account), ...(codeRequired ? { code: code.trim() } : {}) }),
  )

  return (
    <AuthPage title={say('session.set_up.title')} text={say('session.set_up.text')}>
      <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
        <FormProblem text={form.whole} />
        <AccountFields account={account} onChange={setAccount} problemAt={form.problemAt} withEmail />
        {codeRequired && (
          <Field
            label={say('session.set_up.code')}
            hint={say('session.set_up.code.hint')}
            problem={form.problemAt('code')}
            name="code"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
        <Button type="submit" look="primary" busy={form.busy} className="mt-1 h-10">
          {say('session.set_up.action')}
        </Button>
      </form>
    </AuthPage>
  )
}
