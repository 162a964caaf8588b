import { z } from 'zod'
import { Id, Time } from '../primitives.ts'
import { NewUser, Password, User } from '../users/schema.ts'

/** What the seed's client finds in `settings`; push is off until its slice exists. */
export const Settings = z
  .object({
    push_notifications: z.object({
      enabled: z.boolean(),
      vapid_public_key: z.string(),
      firebase_config: z.record(z.string(), z.unknown()),
    }),
  })
  .meta({ id: 'Settings' })

/** The answer to a sign-in, a set-up and an accepted invite. */
export const SignedIn = z.object({ id: Id, username: z.string(), settings: Settings }).meta({ id: 'SignedIn' })
export type SignedIn = z.infer<typeof SignedIn>

/** Roles in the whole installation, not in a room. */
export const UserRole = z.enum(['owner', 'member'])
export type UserRole = z.infer<typeof UserRole>

/** `GET /api/me/` */
export const Me = SignedIn.extend({ role: UserRole, ...User.shape }).meta({ id: 'Me' })
export type Me = z.infer<typeof Me>

/** `POST /api/login/`: both optional here because the contract words the answer to a missing one itself. */
export const Login = z.object({ username: z.string().optional(), password: z.string().optional() })

/** `POST /api/logout/` */
export const Logout = z.object({ device_id: z.string().max(200).optional() }).nullish()

/** `POST /api/setup/`: the first account, its owner. `code` is printed at start and needed from afar. */
export const Setup = NewUser.extend({ code: z.string().max(100).optional() })

/** `GET /api/setup/`: does the installation still wait for its owner, and must this visitor know the code? */
export const SetupState = z.object({ needed: z.boolean(), code_required: z.boolean() }).meta({ id: 'SetupState' })
export type SetupState = z.infer<typeof SetupState>

/** A device on which somebody is signed in. */
export const SessionRow = z
  .object({
    id: Id,
    /** What its browser calls itself. */
    device: z.string().nullable(),
    created_at: Time,
    last_seen_at: Time,
    /** The one that asks. */
    is_current: z.boolean(),
  })
  .meta({ id: 'Session' })
export type SessionRow = z.infer<typeof SessionRow>

/** `GET /api/sessions/`: the caller's own, this one first, then the one last seen. */
export const Sessions = z.object({ results: z.array(SessionRow) }).meta({ id: 'Sessions' })
export type Sessions = z.infer<typeof Sessions>

/** `POST /api/me/password/`. Signs out everywhere else. */
export const PasswordChange = z.object({ current: z.string().max(1_000), next: Password })
