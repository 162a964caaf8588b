import type { Status } from '@grandchat/contracts/users/profile'
import { say } from '../locales/words.ts'
import { useProfile } from './use-profile.ts'

/** A status without an emoji of its own. */
const plain = '💬'

/** Beside a name: the emoji of a status, which says the rest on hover and to whoever listens. */
export function StatusMark({ userId }: { userId: number }) {
  const status = useProfile(userId)?.status
  if (!status) return null
  return (
    <span title={sayStatus(status)} className="shrink-0 text-meta">
      <span aria-hidden>{status.emoji || plain}</span>
      <span className="sr-only">{say('status.of', { status: status.text || status.emoji })}</span>
    </span>
  )
}

export function sayStatus({ emoji, text }: Status): string {
  return [emoji, text].filter((part) => part !== '').join(' ')
}
