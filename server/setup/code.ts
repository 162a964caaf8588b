import { timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * Must this visitor know the one-time code to become the owner? Only someone at the machine itself need not. Behind a
 * proxy that was not declared everybody's address is the proxy's, and a page elsewhere can point its own name at
 * 127.0.0.1: so whatever looks forwarded needs the code, a foreign host name does, and everything where the
 * installation has an address for others.
 */
export function needsSetupCode(request: FastifyRequest, publicUrl: string | undefined): boolean {
  const hasPublicAddress = publicUrl !== undefined && !isLocalName(new URL(publicUrl).hostname)
  const hostname = (request.headers.host ?? '').replace(/:\d+$/, '')
  return hasPublicAddress || isForwarded(request) || !isLoopback(request.ip) || !isLocalName(hostname)
}

/** Proxies say so in a header, or speak HTTP/1.0, which no browser does. */
function isForwarded({ headers, raw }: FastifyRequest): boolean {
  const names = Object.keys(headers)
  return raw.httpVersion === '1.0' || names.some((name) => /^(x-forwarded-.*|x-real-ip|forwarded|via)$/.test(name))
}

function isLocalName(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
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
