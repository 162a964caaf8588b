import { z } from 'zod'
import { limits } from '../limits.ts'
import { IdInPath, Time, Version } from '../primitives.ts'
import { isEmoji } from '../reactions/emoji.ts'
import { countCodePoints, isVisible } from '../text.ts'
import { User, UserIds } from './schema.ts'

/** What somebody is up to, until then or until they say otherwise. One of `emoji` and `text` may be empty. */
export const Status = z.object({ emoji: z.string(), text: z.string(), until: Time.nullable() }).meta({ id: 'Status' })
export type Status = z.infer<typeof Status>

/** A person with all that they say about themselves. A status that has expired is none. */
export const Profile = User.extend({
  title: z.string(),
  pronouns: z.string(),
  /** An IANA name, such as `Europe/Berlin`. */
  time_zone: z.string().nullable(),
  status: Status.nullable(),
}).meta({ id: 'Profile' })
export type Profile = z.infer<typeof Profile>

/**
 * People as they are at this version of the workspace: the body of `workspace_changed`, and the answer to whoever asked
 * or changed something. Of two Profiles the one of the higher version is right.
 */
export const Profiles = z.object({ workspace_version: Version, users: z.array(Profile) }).meta({ id: 'Profiles' })
export type Profiles = z.infer<typeof Profiles>

/** Control characters, line ends, and those that turn the order of what follows around. */
// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const unprintable = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]/

/** One line of a person's words, without space around it; may be empty. */
const line = (maxLength: number) =>
  z
    .string()
    .max(maxLength * 4, `is longer than ${maxLength} characters`)
    .refine((text) => text.isWellFormed() && !unprintable.test(text), 'contains characters that cannot be shown')
    .transform((text) => text.trim().replace(/\s+/gu, ' '))
    .refine((text) => text === '' || isVisible(text), 'contains nothing that can be seen')
    .refine((text) => countCodePoints(text) <= maxLength, `is longer than ${maxLength} characters`)

const maxStatusMs = 400 * 24 * 60 * 60 * 1000

export const NewStatus = z.object({
  emoji: z.string().refine((text) => text === '' || isEmoji(text), 'is not one emoji'),
  text: line(limits.statusText),
  until: z.iso
    .datetime({ offset: true })
    .refine((time) => Date.parse(time) > Date.now(), 'is over')
    .refine((time) => Date.parse(time) < Date.now() + maxStatusMs, 'is too far away')
    // PostgreSQL knows fewer digits and fewer offsets than the standard.
    .transform((time) => new Date(time).toISOString())
    .nullable()
    .default(null),
})

/** `PATCH /api/me/`: what is left out stays as it is; null or an empty text takes it away. */
export const ProfileChange = z.object({
  display_name: line(limits.displayName).nullable().optional(),
  title: line(limits.profileTitle).optional(),
  pronouns: line(limits.pronouns).optional(),
  time_zone: z.string().max(64).refine(isTimeZone, 'is not a time zone').nullable().optional(),
  status: NewStatus.nullable().optional(),
})
export type ProfileChange = z.input<typeof ProfileChange>

/** Names only: offsets know no summer. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format()
    return true
  } catch {
    return false
  }
}

/** `GET /api/profiles/?users=1,2,3` */
export const ProfilesQuery = z.object({ users: UserIds })

/** `GET /api/avatars/:user_id/:version` */
export const AvatarInPath = z.object({ user_id: IdInPath, version: z.string().regex(/^[0-9a-f]{16}$/) })
