import { SignJWT } from 'jose'
import { type Server, tokenSecret } from './servers.ts'
import { LoadSocket } from './socket.ts'

const path = '/connection/websocket'
/** Connections that are made at a time. */
const concurrency = 64

export type OnPublications = (count: number, frame: Buffer, index: number) => void

const inAnHour = Math.floor(Date.now() / 1000) + 3600
const key = new TextEncoder().encode(tokenSecret)

export function tokens(count: number): Promise<string[]> {
  const sign = (user: string) =>
    new SignJWT({ exp: inAnHour }).setSubject(user).setProtectedHeader({ alg: 'HS256' }).sign(key)
  return Promise.all(Array.from({ length: count }, (_, index) => sign(String(index))))
}

export const connectCommand = (token: string) => `{"id":1,"connect":{"token":"${token}"}}`
export const subscribeCommand = (channel: string, more = '') => `{"id":2,"subscribe":{"channel":"${channel}"${more}}}`

export type Plan = {
  tokens: readonly string[]
  /** Undefined: connects alone. */
  channelOf?: (index: number) => string
  onPublications?: OnPublications
  /** What is asked for with the subscription, as JSON members after a comma. */
  extra?: (index: number) => string
}

/** Opens as many connections as there are tokens; returns them in that order, with the frames that answered. */
export async function openAll(
  { port }: Server,
  { tokens, channelOf, onPublications, extra }: Plan,
): Promise<{ sockets: LoadSocket[]; answers: string[] }> {
  const sockets: LoadSocket[] = []
  const answers: string[] = []
  const indexes = tokens.keys()
  const work = async () => {
    for (const index of indexes) {
      const socket = new LoadSocket(port, (count, frame) => onPublications?.(count, frame, index))
      sockets[index] = socket
      const subscribe = channelOf ? [subscribeCommand(channelOf(index), extra?.(index))] : []
      answers[index] = await socket.open(path, connectCommand(tokens[index] ?? ''), ...subscribe)
      if (answers[index].includes('"error"')) throw new Error(answers[index])
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return { sockets, answers }
}
