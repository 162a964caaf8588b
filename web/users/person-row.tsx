import MessageCircle from 'lucide-react/icons/message-circle'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient, useMe } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { PresenceDot } from '../presence/presence-dot.tsx'
import { goToDirect } from '../rooms/open-direct.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useMinute } from '../ui/use-now.ts'
import { localTime } from './local-time.ts'
import { displayName } from './names.ts'
import { PersonButton } from './person-button.tsx'
import { StatusMark } from './status-mark.tsx'
import { useProfile } from './use-profile.ts'

type PersonRowProps = { user: User; roving: { 'data-roving': string; tabIndex: number } }

/** Somebody on the list of all: who they are, whether they are there, and the way to write to them. */
export function PersonRow({ user, roving }: PersonRowProps) {
  const me = useMe()
  const client = useClient()
  const profile = useProfile(user.id)
  const known = profile ?? user
  const name = displayName(known)
  const facts = [name === known.username ? '' : `@${known.username}`, profile?.pronouns ?? '', profile?.title ?? '']
  return (
    <div data-user-id={user.id} className="flex h-16 items-center gap-3 rounded-control px-2 hover:bg-hover">
      <PersonButton
        user={known}
        roving={roving}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-control py-2 text-start outline-offset-2"
      >
        <span className="relative flex shrink-0">
          <Avatar user={known} />
          <PresenceDot userId={user.id} />
        </span>
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex min-w-0 gap-1.5">
            <bdi className="truncate font-medium">{name}</bdi>
            {user.id === me.id && <span className="shrink-0 text-soft">({say('members.you')})</span>}
            <StatusMark userId={user.id} />
          </span>
          <span className="flex min-w-0 gap-1.5 truncate text-meta text-soft">
            {facts
              .filter((fact) => fact !== '')
              .map((fact, index) => (
                <span key={fact} className="truncate">
                  {index > 0 && '· '}
                  <bdi>{fact}</bdi>
                </span>
              ))}
          </span>
        </span>
        {profile?.time_zone != null && <Clock timeZone={profile.time_zone} />}
      </PersonButton>
      {user.id === me.id ? (
        <span className="size-8 shrink-0 max-wide:size-11" />
      ) : (
        <IconButton label={say('people.write', { name })} onClick={() => void goToDirect(client, [user.id])}>
          <MessageCircle size={18} aria-hidden />
        </IconButton>
      )}
    </div>
  )
}

function Clock({ timeZone }: { timeZone: string }) {
  useMinute()
  const time = localTime(timeZone)
  if (!time) return null
  return (
    <span className="figures shrink-0 text-meta text-soft" title={say('people.clock')}>
      <span className="sr-only">{say('people.clock')} </span>
      {time.clock}
    </span>
  )
}

/** In the place of somebody whose page has not come yet. */
export function PersonSkeleton() {
  return (
    <div aria-hidden className="flex h-16 items-center gap-3 px-2">
      <Skeleton className="size-9 shrink-0 rounded-full" />
      <div className="flex flex-1 flex-col gap-2">
        <Skeleton className="h-3 w-32" />
        <Skeleton className="h-3 w-1/3" />
      </div>
    </div>
  )
}
