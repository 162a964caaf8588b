import { once } from 'node:events'
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'

export type Sent = { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer }

/** An answer whose body has yet to come. */
export async function open(url: string, { method = 'POST', headers = {}, body }: Sent = {}): Promise<IncomingMessage> {
  const sent = request(url, { method, headers, agent: false })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  sent.end(body)
  const [response] = await answered
  return response
}

/** A plain exchange, with any header that one likes: `fetch` knows better. */
export async function send(url: string, sent: Sent = {}) {
  const response = await open(url, sent)
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
}
