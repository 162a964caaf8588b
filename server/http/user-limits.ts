import type { FastifyInstance } from 'fastify'
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which limit a state-changing request of a signed-in user counts against; `changes` unless said otherwise. */
    limit?: 'sends' | 'changes' | 'none'
  }
}

type LimitName = 'sends' | 'changes' | 'profiles' | 'rooms'
type Limit = { perSecond: number; burst: number; burstSeconds: number }

/**
 * Sends, per user: 50 a second, 1,200 at once. All other changes, per session: 20 a second, 600 at once. Of those, what one
 * says about oneself, per user: two a second, 60 at once, for everybody in the workspace is told. And rooms that one makes,
 * per user: 1,000 an hour, for others can be brought into each of them.
 */
const limits: Record<Exclude<LimitName, 'rooms'>, Limit> = {
  sends: { perSecond: 50, burst: 1_200, burstSeconds: 30 },
  changes: { perSecond: 20, burst: 600, burstSeconds: 30 },
  profiles: { perSecond: 2, burst: 60, burstSeconds: 60 },
}

const roomsLimit = { points: 1_000, duration: 3_600, keyPrefix: 'rooms' }

export class UserLimits {
  #limiters = {
    sends: makeLimiter('sends'),
    changes: makeLimiter('changes'),
    profiles: makeLimiter('profiles'),
    rooms: new RateLimiterMemory(roomsLimit),
  }

  /** Counts one request; throws 429 when there were too many. */
  async take(name: LimitName, key: number): Promise<void> {
    try {
      await this.#limiters[name].consume(key)
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      throw new AppError(429, 'rate_limited', 'you are doing this too fast, wait a moment', {
        retryAfterSeconds: Math.max(1, refusal.msBeforeNext / 1000),
      })
    }
  }
}

function makeLimiter(name: keyof typeof limits): BurstyRateLimiter {
  const { perSecond, burst, burstSeconds } = limits[name]
  return new BurstyRateLimiter(
    new RateLimiterMemory({ points: perSecond, duration: 1, keyPrefix: name }),
    new RateLimiterMemory({ points: burst - perSecond, duration: burstSeconds, keyPrefix: `${name} burst` }),
  )
}

/** Counts every request of a signed-in user that changes something. After the access check. */
export function addUserLimits(app: FastifyInstance, userLimits: UserLimits): void {
  app.addHook('preValidation', async (request) => {
    const { limit = 'changes' } = request.routeOptions.config
    if (request.method === 'GET' || request.method === 'HEAD' || limit === 'none' || !request.sessionUser) return
    const { id, sessionId } = request.sessionUser
    await userLimits.take(limit, limit === 'sends' ? id : sessionId)
  })
}
