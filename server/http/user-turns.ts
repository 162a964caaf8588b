import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'

/** Requests of one user that are worked on at the same time: the pool is for everybody. */
const maxActive = 6
/** Requests of one user that may wait for their turn. */
const maxWaiting = 1_000

type Queue = { active: number; waiting: (() => void)[] }

/** Lets each user's requests take turns, so that nobody's flood keeps others from the database. */
export class UserTurns {
  #queues = new Map<number, Queue>()
  readonly #active: number

  constructor(active = maxActive) {
    this.#active = active
  }

  /** Resolves when it is this request's turn; the returned function ends it, however often it is called. */
  async take(userId: number): Promise<() => void> {
    const queue = this.#queues.get(userId) ?? { active: 0, waiting: [] }
    this.#queues.set(userId, queue)
    if (queue.active < this.#active) queue.active++
    else await this.#wait(queue)
    let isEnded = false
    return () => {
      if (isEnded) return
      isEnded = true
      this.#pass(userId, queue)
    }
  }

  #wait(queue: Queue): Promise<void> {
    if (queue.waiting.length >= maxWaiting) {
      throw new AppError(429, 'rate_limited', 'you are asking too much at once, wait a moment', {
        retryAfterSeconds: 1,
      })
    }
    return new Promise((resolve) => queue.waiting.push(resolve))
  }

  #pass(userId: number, queue: Queue): void {
    const next = queue.waiting.shift()
    if (next) return next()
    queue.active--
    if (queue.active === 0) this.#queues.delete(userId)
  }
}

/** After the access check. Sends are left out: they wait in their room's lane, where they hold no connection. */
export function addUserTurns(app: FastifyInstance, turns: UserTurns): void {
  app.addHook('preValidation', async (request, reply) => {
    if (!request.sessionUser || request.routeOptions.config.limit === 'sends') return
    const end = await turns.take(request.sessionUser.id)
    if (reply.raw.destroyed || reply.raw.closed) end()
    else reply.raw.once('close', end)
  })
}
