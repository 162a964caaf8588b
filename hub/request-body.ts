import type { IncomingMessage, ServerResponse } from 'node:http'

const firstBytes = 4096

/**
 * The body of a request, `too large` as soon as it is, or `aborted` when the other side is gone before its end. Never
 * rejects. Copies what arrives into one buffer: a body that trickles in byte by byte would cost hundreds of times its
 * size if its pieces were kept.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too large' | 'aborted'> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limit) return Promise.resolve('too large')
  return new Promise((resolve) => {
    let body: Buffer = Buffer.allocUnsafeSlow(0)
    let size = 0
    const receive = (chunk: Buffer) => {
      if (size + chunk.length > limit) {
        request.off('data', receive)
        return resolve('too large')
      }
      if (size + chunk.length > body.length) body = enlarged(body, size + chunk.length, limit)
      size += chunk.copy(body, size)
    }
    request.on('data', receive)
    request.once('end', () => resolve(body.subarray(0, size)))
    request.once('close', () => resolve('aborted'))
    request.once('error', () => resolve('aborted'))
  })
}

function enlarged(body: Buffer, needed: number, limit: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(limit, Math.max(needed, body.length * 2, firstBytes)))
  body.copy(larger)
  return larger
}

/**
 * Answers 413. Some of what is still under way is read and thrown away: who writes to a socket that was closed under
 * its hands never sees the answer.
 */
export function refuseLargeBody(request: IncomingMessage, response: ServerResponse, limit: number): void {
  const text = 'Request Entity Too Large\n'
  response.writeHead(413, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
  })
  response.write(text)
  let patience = limit
  request.on('data', (chunk: Buffer) => {
    patience -= chunk.length
    if (patience < 0) response.end()
  })
  request.once('close', () => response.end())
  request.once('end', () => response.end())
  request.resume()
}
