import '../locales/account-words.ts'
import type { RefObject } from 'react'
import { Popover } from '@base-ui/react/popover'
import Clock from 'lucide-react/icons/clock'
import MessageCircle from 'lucide-react/icons/message-circle'
import Pencil from 'lucide-react/icons/pencil'
import type { Profile } from '@grandchat/contracts/users/profile'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient, useMe } from '../client-context.tsx'
import { sayTime } from '../locales/times.ts'
import { problemOf, say } from '../locales/words.ts'
import { PresenceDot } from '../presence/presence-dot.tsx'
import { navigate, paths } from '../router.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { useNow } from '../ui/use-now.ts'
import { localTime } from './local-time.ts'
import { displayName } from './names.ts'
import { useProfile } from './use-profile.ts'

type PersonCardProps = { user: User; anchor: RefObject<HTMLButtonElement | null>; onClose: () => void }

/** Who somebody is, beside their name. Open when rendered. */
export default function PersonCard({ user, anchor, onClose }: PersonCardProps) {
  const me = useMe()
  const profile = useProfile(user.id)
  const name = displayName(profile ?? user)
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={anchor}
          side="inline-end"
          align="start"
          sideOffset={8}
          collisionPadding={12}
          className="z-(--layer-float) outline-none"
        >
          <Popover.Popup
            finalFocus={anchor}
            className="floating flex w-72 max-w-[calc(100vw-1.5rem)] flex-col gap-3 rounded-card bg-raised p-4 shadow-float outline-none"
          >
            <div className="flex items-center gap-3">
              <span className="relative flex shrink-0">
                <Avatar user={profile ?? user} size={56} />
                <PresenceDot userId={user.id} />
              </span>
              <div className="min-w-0">
                <Popover.Title dir="auto" className="font-semibold wrap-anywhere">
                  {name}
                </Popover.Title>
                <p className="text-meta wrap-anywhere text-soft">
                  <bdi>@{user.username}</bdi>
                  {profile?.pronouns && (
                    <>
                      {' · '}
                      <bdi>{profile.pronouns}</bdi>
                    </>
                  )}
                </p>
              </div>
            </div>
            {profile && <About profile={profile} />}
            {user.id === me.id ? <EditButton onDone={onClose} /> : <MessageButton userId={user.id} onDone={onClose} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function About({ profile }: { profile: Profile }) {
  const { title, status, time_zone } = profile
  if (title === '' && !status && time_zone === null) return null
  return (
    <div className="flex flex-col gap-1.5 text-meta">
      {title !== '' && (
        <p dir="auto" className="wrap-anywhere">
          {title}
        </p>
      )}
      {status && (
        <div className="rounded-control bg-hover px-2.5 py-1.5">
          <p dir="auto" className="wrap-anywhere">
            {status.emoji} {status.text}
          </p>
          {status.until !== null && <p className="text-soft">{say('status.until', { time: sayTime(status.until) })}</p>}
        </div>
      )}
      {time_zone !== null && <Time timeZone={time_zone} />}
    </div>
  )
}

function Time({ timeZone }: { timeZone: string }) {
  useNow()
  const time = localTime(timeZone)
  if (!time) return null
  return (
    <p className="figures flex items-center gap-1.5 text-soft">
      <Clock size={14} aria-hidden className="shrink-0" />
      {say('person.time', { clock: time.clock, difference: sayDifference(time.hoursAhead) })}
    </p>
  )
}

function sayDifference(hours: number): string {
  if (hours === 0) return say('person.time.same')
  const count = Math.abs(hours)
  return hours > 0 ? say('person.time.ahead', { count }) : say('person.time.behind', { count })
}

function EditButton({ onDone }: { onDone: () => void }) {
  const edit = () => {
    onDone()
    navigate(paths.settings)
  }
  return (
    <Button small onClick={edit}>
      <Pencil size={14} aria-hidden />
      {say('person.edit')}
    </Button>
  )
}

function MessageButton({ userId, onDone }: { userId: number; onDone: () => void }) {
  const { rooms } = useClient()
  const write = () => {
    rooms
      .openDirect([userId])
      .then(({ id }) => {
        onDone()
        navigate(paths.room(id))
      })
      .catch((error: unknown) => toast(problemOf(error).text))
  }
  return (
    <Button small look="primary" onClick={write}>
      <MessageCircle size={14} aria-hidden />
      {say('person.message')}
    </Button>
  )
}
