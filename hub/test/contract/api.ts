import { send } from './http.ts'
import type { ServerUnderTest } from './server.ts'

export type ApiAnswer = {
  // Each test knows the shape of what it asks for; a wrong one fails its assertions.
  result?: Record<string, unknown>
  error?: { code: number; message: string }
}

/** One call of the server API, with the right key. */
export async function call(server: ServerUnderTest, method: string, request: object = {}): Promise<ApiAnswer> {
  const { body } = await send(`${server.apiUrl}/${method}`, {
    headers: { 'x-api-key': server.apiKey },
    body: JSON.stringify(request),
  })
  return JSON.parse(body) as ApiAnswer
}

/** A call that must succeed. */
export async function ask<T = Record<string, unknown>>(server: ServerUnderTest, method: string, request: object = {}) {
  const { result, error } = await call(server, method, request)
  if (!result) throw new Error(`${method}: ${JSON.stringify(error)}`)
  return result as T
}

/** A call that must fail: the code of its error. */
export async function refusal(server: ServerUnderTest, method: string, request: object = {}): Promise<number> {
  const { error } = await call(server, method, request)
  if (!error) throw new Error(`${method} was not refused.`)
  return error.code
}

export type Position = { offset: number; epoch: string }

export const publish = (server: ServerUnderTest, channel: string, data: unknown, options: object = {}) =>
  ask<Position>(server, 'publish', { channel, data, ...options })

/** Publishes payloads in this order; returns the position after the last one. */
export async function publishAll(server: ServerUnderTest, channel: string, payloads: readonly unknown[]) {
  let position: Position = { offset: 0, epoch: '' }
  for (const data of payloads) position = await publish(server, channel, data)
  return position
}

/** Where a channel's history stands. */
export async function positionOf(server: ServerUnderTest, channel: string): Promise<Position> {
  const { offset, epoch } = await ask<Position>(server, 'history', { channel })
  return { offset, epoch }
}

export type Kept = Position & { publications: Array<{ data: unknown; offset: number; [key: string]: unknown }> }

export const historyOf = (server: ServerUnderTest, channel: string, request: object = { limit: -1 }) =>
  ask<Kept>(server, 'history', { channel, ...request })
