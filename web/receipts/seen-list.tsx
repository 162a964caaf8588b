import { useEffect, useState } from 'react'
import type { MessageView, Receipt } from '@grandchat/client'
import type { SeenBy } from '@grandchat/contracts/receipts/schema'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient } from '../client-context.tsx'
import { problemOf, say, sayNumber } from '../locales/words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { displayName } from '../users/names.ts'
import { useIsPrivate } from './use-is-private.ts'
import { useReceipt } from './use-receipt.ts'

/** Who has a message: live in small rooms, and as the server says now in larger ones. */
export function SeenList({ message }: { message: MessageView }) {
  const receipt = useReceipt(message)
  const isPrivate = useIsPrivate()
  return (
    <div className="flex flex-col gap-3">
      {receipt && <Live receipt={receipt} />}
      {isPrivate && <p className="text-meta text-pretty text-soft">{say('receipts.private')}</p>}
      {!receipt && !isPrivate && <Asked message={message} />}
    </div>
  )
}

function Live({ receipt: { seen, delivered, waiting, count } }: { receipt: Receipt }) {
  if (count === 0) return <p className="text-soft">{say('receipts.nobody_there')}</p>
  return (
    <div className="flex flex-col gap-3">
      <People label={say('receipts.list.read')} users={seen.map(({ user }) => user)} />
      <People label={say('receipts.list.delivered')} users={delivered.map(({ user }) => user)} />
      <People label={say('receipts.list.waiting')} users={waiting.map(({ user }) => user)} />
    </div>
  )
}

function Asked({ message }: { message: MessageView }) {
  const [attempt, setAttempt] = useState(0)
  return <Answer key={attempt} message={message} onAgain={() => setAttempt(attempt + 1)} />
}

function Answer({ message, onAgain }: { message: MessageView; onAgain: () => void }) {
  const { receipts } = useClient()
  const [found, setFound] = useState<SeenBy | { problem: string }>()
  const { room_id: roomId, id } = message
  useEffect(() => {
    const asking = new AbortController()
    receipts.seenBy(roomId, id, asking.signal).then(
      (answer) => !asking.signal.aborted && setFound(answer),
      (error: unknown) => !asking.signal.aborted && setFound({ problem: problemOf(error).text }),
    )
    return () => asking.abort()
  }, [receipts, roomId, id])

  if (!found) {
    return (
      <Loading className="appears-late flex flex-col gap-2">
        <Skeleton className="h-4 w-32" />
        <Skeleton className="h-4 w-40" />
      </Loading>
    )
  }
  if ('problem' in found) {
    return (
      <div role="alert" className="flex flex-col items-start gap-2">
        <p>{found.problem}</p>
        <Button onClick={onAgain}>{say('app.try_again')}</Button>
      </div>
    )
  }
  const { count, member_count, users, more } = found
  if (member_count === 0) return <p className="text-soft">{say('receipts.nobody_there')}</p>
  if (count === 0) return <p className="text-soft">{say('receipts.nobody_yet')}</p>
  return (
    <div className="flex flex-col gap-3">
      <p className="text-soft">
        {say('receipts.read.some', { reached: sayNumber(count), count: sayNumber(member_count) })}
      </p>
      <People users={users} />
      {more && <p className="text-meta text-soft">{say('receipts.more', { count: count - users.length })}</p>}
    </div>
  )
}

function People({ label, users }: { label?: string; users: readonly User[] }) {
  if (users.length === 0) return null
  return (
    <section aria-label={label}>
      {label !== undefined && (
        <h3 className="mb-1 flex justify-between gap-4 text-meta font-semibold text-soft">
          {label}
          <span className="figures font-normal">{sayNumber(users.length)}</span>
        </h3>
      )}
      <ul>
        {users.map((user) => (
          <li key={user.id} className="flex min-h-7 items-center gap-2">
            <Avatar user={user} size={20} />
            <bdi className="min-w-0 truncate">{displayName(user)}</bdi>
          </li>
        ))}
      </ul>
    </section>
  )
}
