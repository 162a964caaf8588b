import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'
import { isOwnOrigin } from './origin.ts'

/**
 * Tokens against cross-site requests. Other sites cannot send our header without a preflight, which we never grant; the
 * signature shows that the token came from us. It is bound to no session, so it stays valid across sign-in and out.
 */
export class CsrfTokens {
  #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  make(): string {
    const nonce = randomBytes(18).toString('base64url')
    return `${nonce}.${this.#sign(nonce)}`
  }

  isValid(token: unknown): boolean {
    if (typeof token !== 'string' || token.length > 200) return false
    const [nonce = '', signature = ''] = token.split('.')
    const expected = Buffer.from(this.#sign(nonce))
    const given = Buffer.from(signature)
    return given.length === expected.length && timingSafeEqual(given, expected)
  }

  #sign(nonce: string): string {
    return createHmac('sha256', this.#secret).update(`csrf ${nonce}`).digest('base64url')
  }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Refuses state-changing requests of other sites before their bodies are read. */
export function addCsrfCheck(app: FastifyInstance, tokens: CsrfTokens, publicUrl: string | undefined): void {
  app.addHook('onRequest', async (request) => {
    if (safeMethods.has(request.method)) return
    const isForeign = request.headers['sec-fetch-site'] === 'cross-site' || !isOwnOrigin(request.raw, publicUrl)
    if (isForeign || !tokens.isValid(request.headers['x-csrftoken'])) {
      throw new AppError(
        403,
        'csrf_failed',
        'the CSRF token is missing or not valid, or the request comes from another site',
      )
    }
  })
}
