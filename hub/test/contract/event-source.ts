import type { IncomingMessage } from 'node:http'
import { open } from './http.ts'

/** The data of each event of a stream of server-sent events, as far as the protocol uses them. */
export async function* eventsOf(response: IncomingMessage): AsyncGenerator<string> {
  let text = ''
  for await (const part of response.setEncoding('utf8') as AsyncIterable<string>) {
    text += part
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data: '))
      if (lines.length > 0) yield lines.map((line) => line.slice('data: '.length)).join('\n')
    }
  }
}

/** As much of a browser's EventSource as the SDK uses; Node.js has none that needs no flag. */
export class EventSource {
  onopen: (() => void) | undefined
  onmessage: ((event: { data: string }) => void) | undefined
  onerror: ((event: object) => void) | undefined
  #response: IncomingMessage | undefined
  #isClosed = false

  constructor(url: string) {
    void this.#read(url)
  }

  close(): void {
    this.#isClosed = true
    this.#response?.destroy()
  }

  async #read(url: string): Promise<void> {
    try {
      this.#response = await open(url, { method: 'GET' })
      if (this.#isClosed) return this.close()
      if (this.#response.statusCode === 200) {
        this.onopen?.()
        for await (const data of eventsOf(this.#response)) this.onmessage?.({ data })
      }
    } catch {
      // What ended it makes no difference.
    }
    if (!this.#isClosed) this.onerror?.({})
  }
}
