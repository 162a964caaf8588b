import type { IncomingMessage } from 'node:http'

/**
 * The body of a request, `too large` as soon as it is, or `aborted` when the other side is gone before its end.
 * Never rejects, and holds no more than the limit.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too large' | 'aborted'> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limit) return Promise.resolve('too large')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else {
        chunks.length = 0
        request.pause()
        resolve('too large')
      }
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('close', () => resolve('aborted'))
    request.once('error', () => resolve('aborted'))
  })
}
