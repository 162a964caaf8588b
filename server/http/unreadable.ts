import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ErrorBody } from '@grandchat/contracts/errors'

const answers: Record<string, [status: number, detail: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request took too long'],
  HPE_HEADER_OVERFLOW: [431, 'the request headers are too large'],
}

/** Answers what never became a request: broken HTTP, headers that are too large or too slow. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, detail] = answers[error.code ?? ''] ?? [400, 'the request could not be read']
  if (socket.writable) socket.write(rawAnswer(status, { detail, code: 'invalid_input' }))
  socket.destroy()
}

/** Answers a request to upgrade what cannot be upgraded, and lets the socket go: nobody else looks after it. */
export function refuseUpgrade(socket: Duplex): void {
  // A peer that resets the connection now would otherwise take the process down.
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(rawAnswer(404, { detail: 'not found', code: 'not_found' }))
}

function rawAnswer(status: number, body: ErrorBody): string {
  const text = JSON.stringify(body)
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'",
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n')
}
