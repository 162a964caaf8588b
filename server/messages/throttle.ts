import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'

/** Sends per user: 50 a second, with a burst of 1,200 that refills over half a minute. */
const steady = { points: 50, duration: 1 }
const burst = { points: 1_150, duration: 30 }

export class SendThrottle {
  #limiter = new BurstyRateLimiter(
    new RateLimiterMemory(steady),
    new RateLimiterMemory({ ...burst, keyPrefix: 'burst' }),
  )

  async take(userId: number): Promise<void> {
    try {
      await this.#limiter.consume(userId)
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      throw new AppError(429, 'rate_limited', 'you are sending too fast, wait a moment', {
        retryAfterSeconds: Math.max(1, refusal.msBeforeNext / 1000),
      })
    }
  }
}
