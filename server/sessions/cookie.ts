import type { FastifyReply, FastifyRequest } from 'fastify'

const maxAgeSeconds = 60 * 60 * 24 * 400

/** Over HTTPS the `__Host-` prefix keeps other hosts and plain HTTP from setting it. */
function cookieName(request: FastifyRequest): string {
  return request.protocol === 'https' ? '__Host-session' : 'session'
}

export function readSessionCookie(request: FastifyRequest): string | undefined {
  const secret = request.cookies[cookieName(request)]
  return secret && secret.length <= 100 ? secret : undefined
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  reply.setCookie(cookieName(request), secret, { ...attributes(request), maxAge: maxAgeSeconds })
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(cookieName(request), attributes(request))
}

function attributes(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' } as const
}
