import { z } from 'zod'
import { limits } from '../limits.ts'

/** `POST /api/token/` */
export const TokenRequest = z.object({
  channels: z.array(z.string().min(1).max(255)).max(limits.tokenChannels).default([]),
})

/** All of a client's tokens: for the connection, for each channel that is the caller's to read, and what is not. */
export const Tokens = z
  .object({ connection: z.string(), subscriptions: z.record(z.string(), z.string()), denied: z.array(z.string()) })
  .meta({ id: 'Tokens' })
export type Tokens = z.infer<typeof Tokens>

export const Token = z.object({ token: z.string() }).meta({ id: 'Token' })
export const SubscriptionQuery = z.object({ channel: z.string().max(255).default('') })
