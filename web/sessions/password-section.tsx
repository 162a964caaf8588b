import { useState } from 'react'
import { limits } from '@grandchat/contracts/limits'
import { countCodePoints } from '@grandchat/contracts/text'
import { useClient, useMe } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Section } from '../settings/section.tsx'
import { Button } from '../ui/button.tsx'
import { PasswordField } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { toast } from '../ui/toast.tsx'
import { useSubmit } from '../ui/use-submit.ts'

export function PasswordSection() {
  const client = useClient()
  const me = useMe()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const form = useSubmit(
    () => check(current, next),
    async () => {
      await client.me.changePassword(current, next)
      setCurrent('')
      setNext('')
      toast(say('password.done'))
    },
  )
  return (
    <Section title={say('password.title')} text={say('password.text')}>
      <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
        <FormProblem text={form.whole} />
        {/* For whoever keeps passwords: whose it is. */}
        <input type="text" name="username" autoComplete="username" value={me.username} readOnly hidden />
        <PasswordField
          label={say('password.current')}
          name="current"
          autoComplete="current-password"
          problem={form.problemAt('current')}
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <PasswordField
          label={say('password.next')}
          hint={say('account.password.hint', { min: limits.passwordMin })}
          name="next"
          autoComplete="new-password"
          problem={form.problemAt('next')}
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
        <Button type="submit" look="primary" className="self-start" busy={form.busy}>
          {say('password.action')}
        </Button>
      </form>
    </Section>
  )
}

function check(current: string, next: string): Record<string, string> {
  const length = countCodePoints(next)
  return {
    ...(current === '' && { current: say('account.password.missing') }),
    ...(length < limits.passwordMin && { next: say('account.password.short', { min: limits.passwordMin }) }),
    ...(length > limits.passwordMax && { next: say('account.password.long', { max: limits.passwordMax }) }),
  }
}
