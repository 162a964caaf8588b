import { limits } from '@grandchat/contracts/limits'
import { countCodePoints } from '@grandchat/contracts/text'
import { checkUsername } from '@grandchat/contracts/users/username'
import { say, sayProblem } from '../locales/words.ts'

export type Account = { username: string; password: string; email: string }

/** What is wrong with a new account, by field, before it is sent. */
export function checkAccount({ username, password }: Account): Record<string, string> {
  const problems: Record<string, string> = {}
  const checked = checkUsername(username)
  if (username.trim() === '') problems.username = say('account.username.missing')
  else if ('problem' in checked) problems.username = sayProblem(checked.problem)

  const length = countCodePoints(password)
  if (password === '') problems.password = say('account.password.missing')
  else if (length < limits.passwordMin) problems.password = say('account.password.short', { min: limits.passwordMin })
  else if (length > limits.passwordMax) problems.password = say('account.password.long', { max: limits.passwordMax })
  return problems
}

/** The account as it is sent: an e-mail left empty is none. */
export function accountToSend({ username, password, email }: Account) {
  const address = email.trim()
  return { username, password, ...(address === '' ? {} : { email: address }) }
}
