import { Server as TcpServer } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** How long no request may have been under way before the port is closed: what still arrives is answered. */
const quietMs = 250
/** Under a load that never pauses, this is when new connections are refused: a proxy then asks another backend. */
const welcomeMs = 1_000
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
  async drain({ server }: Pick<FastifyInstance, 'server'>): Promise<void> {
    this.isStopping = true
    this.#lastActive = performance.now()
    const start = this.#lastActive
    while (performance.now() < start + patienceMs) {
      if (this.active === 0 && performance.now() - this.#lastActive >= quietMs) return
      if (server.listening && performance.now() >= start + welcomeMs) stopListening(server)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
}

/** `close` of an HTTP server would also end idle connections, on which a request may just be under way. */
function stopListening(server: FastifyInstance['server']): void {
  TcpServer.prototype.close.call(server)
}
