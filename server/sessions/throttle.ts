import { isIPv6 } from 'node:net'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { foldUsername } from '@grandchat/contracts/users/username'
import { AppError } from '../errors.ts'

/** Failed sign-ins: 10 in 10 minutes per account and address; 100 from one address whatever the accounts. */
const windowSeconds = 600
const perAccountAndAddress = 10
const perAddress = 100

/** What is guessed at; each is counted apart. */
type Purpose = 'sign-in' | 'set-up' | 'invite'

/**
 * Counts before the password is looked at and gives back after a success, so that parallel guesses cannot outrun it.
 * Names are counted whether or not somebody has them.
 */
export class SignInThrottle {
  #pairs = new RateLimiterMemory({ points: perAccountAndAddress, duration: windowSeconds })
  #addresses = new RateLimiterMemory({ points: perAddress, duration: windowSeconds })

  /** Takes one attempt or throws 429; the returned function gives it back. */
  async take(purpose: Purpose, name: string, address: string): Promise<() => Promise<void>> {
    const network = `${purpose} ${networkOf(address)}`
    const pair = `${network} ${foldUsername(name).slice(0, 80)}`
    await consume(this.#addresses, network)
    try {
      await consume(this.#pairs, pair)
    } catch (refusal) {
      // What was not looked at is no guess: one account's stubborn client must not lock out a whole office.
      await this.#addresses.reward(network)
      throw refusal
    }
    return async () => {
      await this.#pairs.reward(pair)
      await this.#addresses.reward(network)
    }
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new AppError(429, 'rate_limited', 'too many attempts, try again later', {
      retryAfterSeconds: refusal.msBeforeNext / 1000,
    })
  }
}

/** One IPv6 customer has a /64 of addresses: its first four groups, wherever the zeros were left out. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...(tail ?? '').split(':')]
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')
}
