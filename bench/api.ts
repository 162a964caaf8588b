import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { Somebody } from './world.ts'

/** As long as a sentence in a chat. */
export const messageText = 'A message as people write them: one line, a thought, and no more than that.'

/** A cheap client of the REST API: connections stay open, answers are not looked into beyond their status. */
export class Api {
  #url: string
  #agent: Agent
  #csrf: string
  #isClosed = false

  private constructor(url: string, connections: number, csrf: string) {
    this.#url = url
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections })
    this.#csrf = csrf
  }

  static async open(url: string, connections: number): Promise<Api> {
    const response = await fetch(`${url}/api/csrf/`)
    await response.arrayBuffer()
    return new Api(url, connections, response.headers.get('x-csrftoken') ?? '')
  }

  /** Sends a message; true if it was acknowledged. */
  async send(roomId: number, somebody: Somebody): Promise<boolean> {
    const body = JSON.stringify({ content: messageText, client_message_id: randomUUID() })
    return (await this.#ask('POST', `/api/rooms/${roomId}/messages/`, somebody, body)) === 201
  }

  /** Reads something; true if it was answered. */
  async read(path: string, somebody: Somebody): Promise<boolean> {
    return (await this.#ask('GET', path, somebody)) === 200
  }

  /** From now on nothing is asked any more: a server that is to stop would wait for us. */
  close(): void {
    this.#isClosed = true
    this.#agent.destroy()
  }

  #ask(method: string, path: string, { cookie }: Somebody, body = ''): Promise<number> {
    if (this.#isClosed) return Promise.reject(new Error('the API was closed'))
    const headers = {
      cookie,
      ...(body && {
        'x-csrftoken': this.#csrf,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    }
    return new Promise((resolve, reject) => {
      const asked = request(this.#url + path, { method, agent: this.#agent, headers }, (response) => {
        response.on('error', reject)
        response.on('end', () => resolve(response.statusCode ?? 0))
        response.resume()
      })
      asked.on('error', reject)
      asked.end(body)
    })
  }
}
