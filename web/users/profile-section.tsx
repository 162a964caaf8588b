import { useState } from 'react'
import { limits } from '@grandchat/contracts/limits'
import type { Profile } from '@grandchat/contracts/users/profile'
import { useClient, useMe } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { Section } from '../settings/section.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { Loading } from '../ui/loading.tsx'
import { Select } from '../ui/select.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { toast } from '../ui/toast.tsx'
import { useSubmit } from '../ui/use-submit.ts'
import { PictureField } from './picture-field.tsx'
import { sayStatus } from './status-mark.tsx'
import { useProfile } from './use-profile.ts'

export function ProfileSection() {
  const profile = useProfile(useMe().id)
  return (
    <Section title={say('profile.title')} text={say('profile.text')}>
      {profile ? (
        <>
          <PictureField user={profile} />
          <StatusRow profile={profile} />
          <ProfileForm profile={profile} />
        </>
      ) : (
        <Loading className="appears-late flex flex-col gap-5">
          <Skeleton className="size-14 rounded-full" />
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
        </Loading>
      )}
    </Section>
  )
}

function StatusRow({ profile: { status } }: { profile: Profile }) {
  const openDialog = useOpenDialog()
  return (
    <div className="flex items-center gap-3 rounded-card bg-hover px-3.5 py-2.5">
      <p dir="auto" className="min-w-0 flex-1 wrap-anywhere">
        {status ? sayStatus(status) : <span className="text-soft">{say('status.none')}</span>}
      </p>
      <Button small onClick={() => openDialog({ name: 'status' })}>
        {say(status ? 'status.change' : 'status.set')}
      </Button>
    </div>
  )
}

function ProfileForm({ profile }: { profile: Profile }) {
  const { me } = useClient()
  const [name, setName] = useState(profile.display_name ?? '')
  const [title, setTitle] = useState(profile.title)
  const [pronouns, setPronouns] = useState(profile.pronouns)
  const [timeZone, setTimeZone] = useState(profile.time_zone ?? '')
  const form = useSubmit(
    () => ({}),
    async () => {
      await me.change({ display_name: name, title, pronouns, time_zone: timeZone === '' ? null : timeZone })
      toast(say('profile.saved'))
    },
  )
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
      <FormProblem text={form.whole} />
      <Field
        label={say('profile.name')}
        hint={say('profile.name.hint', { username: profile.username })}
        problem={form.problemAt('display_name')}
        name="name"
        autoComplete="name"
        dir="auto"
        maxLength={limits.displayName}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={say('profile.job')}
        hint={say('profile.job.hint')}
        problem={form.problemAt('title')}
        autoComplete="organization-title"
        dir="auto"
        maxLength={limits.profileTitle}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <Field
        label={say('profile.pronouns')}
        problem={form.problemAt('pronouns')}
        autoComplete="off"
        dir="auto"
        maxLength={limits.pronouns}
        value={pronouns}
        onChange={(event) => setPronouns(event.target.value)}
      />
      <Select
        label={say('profile.zone')}
        hint={say('profile.zone.hint')}
        value={timeZone}
        choices={zoneChoices(timeZone)}
        onChange={setTimeZone}
      />
      <Button type="submit" look="primary" className="self-start" busy={form.busy}>
        {say('app.save')}
      </Button>
    </form>
  )
}

/** All zones that this device knows, its own first, and the one chosen even if it is not among them. */
function zoneChoices(chosen: string) {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const zones = new Set([own, ...(chosen === '' ? [] : [chosen]), ...Intl.supportedValuesOf('timeZone')])
  return [
    { value: '', label: say('profile.zone.none') },
    ...[...zones].map((value) => ({ value, label: value.replaceAll('_', ' ') })),
  ]
}
