import { z } from 'zod'
import { limits } from '../limits.ts'
import { Id, Time } from '../primitives.ts'
import { countCodePoints } from '../text.ts'
import { checkUsername } from './username.ts'

/** A person as everyone may see them. Users are anonymised, never deleted: a `user` is never null. */
export const User = z
  .object({
    id: Id,
    username: z.string(),
    display_name: z.string().nullable(),
    /** The version of their picture (`GET /api/avatars/:user_id/:version`); null or absent: none. */
    avatar: z.string().nullable().optional(),
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof User>

export const Username = z.string().transform((input, ctx) => {
  const checked = checkUsername(input)
  if ('username' in checked) return checked.username
  ctx.addIssue({ code: 'custom', message: checked.problem })
  return z.NEVER
})

/** 8 to 128 characters, anything goes; never trimmed, never cut. */
export const Password = z
  .string()
  .refine((p) => countCodePoints(p) >= limits.passwordMin, `use at least ${limits.passwordMin} characters`)
  .refine((p) => countCodePoints(p) <= limits.passwordMax, `use at most ${limits.passwordMax} characters`)
  .refine((p) => p.isWellFormed(), 'contains broken characters')

export const Email = z.email('is not an e-mail address').max(254)

/** `POST /api/users/` */
export const NewUser = z.object({ username: Username, password: Password, email: Email.optional() })
export type NewUser = z.input<typeof NewUser>

/** `POST /api/invites/` */
export const Invite = z.object({ url: z.url(), expires_at: Time }).meta({ id: 'Invite' })
export type Invite = z.infer<typeof Invite>

/** `POST /api/invites/:code/` */
export const AcceptInvite = NewUser
/** `GET /api/invites/:code/` */
export const InviteState = z.object({ invited_by: User, expires_at: Time }).meta({ id: 'InviteState' })
export type InviteState = z.infer<typeof InviteState>

const ids = new RegExp(`^[1-9]\\d{0,15}(,[1-9]\\d{0,15}){0,${limits.listedUsers - 1}}$`)

/** People by their ids, with commas between them, each counted once. */
export const UserIds = z
  .string()
  .regex(ids, `must be 1 to ${limits.listedUsers} ids with commas between them`)
  .transform((list) => [...new Set(list.split(',').map(Number))])
  .refine((list) => list.every(Number.isSafeInteger), 'holds an id that is too large')
