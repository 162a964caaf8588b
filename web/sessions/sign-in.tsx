import { useState } from 'react'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Field, PasswordField } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { useSubmit } from '../ui/use-submit.ts'
import { AuthPage } from './auth-page.tsx'

export default function SignIn() {
  const client = useClient()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')

  const check = () => {
    const problems: Record<string, string> = {}
    if (username.trim() === '') problems.username = say('account.username.missing')
    if (password === '') problems.password = say('account.password.missing')
    return problems
  }
  const form = useSubmit(check, () => client.session.signIn(username, password))

  return (
    <AuthPage title={say('session.sign_in.title')}>
      <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
        <FormProblem text={form.whole} />
        <Field
          label={say('account.username')}
          problem={form.problemAt('username')}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <PasswordField
          label={say('account.password')}
          problem={form.problemAt('password')}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" busy={form.busy} className="mt-1 h-10">
          {say('session.sign_in.action')}
        </Button>
        <p className="text-meta text-pretty text-soft">{say('session.sign_in.text')}</p>
      </form>
    </AuthPage>
  )
}
