import { limits } from '@grandchat/contracts/limits'
import { say } from '../locales/words.ts'
import { Field, PasswordField } from '../ui/field.tsx'
import type { Account } from './check-account.ts'

type AccountFieldsProps = {
  account: Account
  onChange: (account: Account) => void
  problemAt: (field: string) => string | undefined
  withEmail?: boolean
}

/** Name, password and perhaps an e-mail: wherever an account is made. */
export function AccountFields({ account, onChange, problemAt, withEmail = false }: AccountFieldsProps) {
  return (
    <>
      <Field
        label={say('account.username')}
        hint={say('account.username.hint')}
        problem={problemAt('username')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={limits.usernameMax * 2}
        value={account.username}
        onChange={(event) => onChange({ ...account, username: event.target.value })}
      />
      <PasswordField
        label={say('account.password')}
        hint={say('account.password.hint', { min: limits.passwordMin })}
        problem={problemAt('password')}
        name="password"
        autoComplete="new-password"
        value={account.password}
        onChange={(event) => onChange({ ...account, password: event.target.value })}
      />
      {withEmail && (
        <Field
          label={say('account.email.optional')}
          problem={problemAt('email')}
          name="email"
          type="email"
          autoComplete="email"
          value={account.email}
          onChange={(event) => onChange({ ...account, email: event.target.value })}
        />
      )}
    </>
  )
}

export const emptyAccount: Account = { username: '', password: '', email: '' }
