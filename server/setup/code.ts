import { timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * Must this visitor know the one-time code to become the owner? Only someone at the machine itself need not. Behind a
 * proxy that was not declared everybody's address is the proxy's, and a page elsewhere can point its own name at
 * 127.0.0.1: so forwarded requests and foreign host names need the code too.
 */
export function needsSetupCode(request: FastifyRequest): boolean {
  const isForwarded = 'x-forwarded-for' in request.headers || 'forwarded' in request.headers
  const hostname = (request.headers.host ?? '').replace(/:\d+$/, '')
  return isForwarded || !isLoopback(request.ip) || !['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

export function isSetupCode(expected: string, given: string | undefined): boolean {
  const a = Buffer.from(expected)
  const b = Buffer.from((given ?? '').trim().toUpperCase())
  return a.length === b.length && timingSafeEqual(a, b)
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '')
  return isIP(plain) === 4 ? plain.startsWith('127.') : plain === '::1'
}
