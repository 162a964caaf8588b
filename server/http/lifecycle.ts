import type { FastifyInstance } from 'fastify'

/** How long no request may have been under way before the port is closed: what still arrives is answered. */
const quietMs = 250
/** What takes longer than this is cut off. */
const patienceMs = 10_000

/** Whether the server is on its way out, and what it is still answering. */
export class Lifecycle {
  isStopping = false
  /** Requests under way. */
  active = 0
  #lastActive = performance.now()

  track(app: FastifyInstance): void {
    app.addHook('onRequest', async (_request, reply) => {
      this.active++
      // Comes once, whether it was answered or the other side went away.
      reply.raw.once('close', () => {
        this.active--
        this.#lastActive = performance.now()
      })
      if (this.isStopping) reply.header('connection', 'close')
    })
  }

  /** From now on not ready; resolves when nothing has been under way for a moment. */
  async drain(): Promise<void> {
    this.isStopping = true
    this.#lastActive = performance.now()
    const giveUp = this.#lastActive + patienceMs
    while (performance.now() < giveUp) {
      if (this.active === 0 && performance.now() - this.#lastActive >= quietMs) return
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
}
