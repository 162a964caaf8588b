import { createHmac, createPublicKey, createSecretKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import type { TokenAlgorithm, TokenOptions } from './options.ts'

/** Longer tokens are not looked at: it is Centrifugo's limit for a whole frame, and hashing takes time. */
const maxTokenLength = 65_536

type Check = (signed: string, signature: Buffer) => boolean | Promise<boolean>

/**
 * Opens JSON Web Tokens: what was not signed with one of the keys, or is not written exactly as RFC 7515 says, is
 * worth nothing. This is done here and not by a library because a hub that comes back verifies the tokens of all its
 * clients at once: by Web Crypto, which `jose` works with, that takes 90 µs of the event loop for each, and 8 µs so.
 * Keys are bound to their algorithms: a public key never serves as a secret, whatever a token's header says.
 */
export class TokenKeys {
  readonly #checks = new Map<string, Check>()

  /** Throws when a key is not what its name says. */
  constructor(options: TokenOptions) {
    const { hmacSecretKey, hmacPreviousSecretKey, rsaPublicKey, ecdsaPublicKey, algorithms } = options
    const secrets = [hmacSecretKey, hmacPreviousSecretKey].flatMap((secret) => (secret ? [secret] : []))
    const checks = { ...checksBySecret(secrets), ...checksByRsa(rsaPublicKey), ...checksByEcdsa(ecdsaPublicKey) }
    for (const [algorithm, check] of Object.entries(checks)) {
      if (!algorithms || algorithms.some((allowed) => allowed === algorithm)) this.#checks.set(algorithm, check)
    }
  }

  /** The payload's text, or undefined. It takes a promise when the signature is by a public key. */
  open(token: string): string | undefined | Promise<string | undefined> {
    const parts = token.length <= maxTokenLength ? token.split('.', 4) : []
    const [header = '', payload = '', signature = ''] = parts
    const [headerBytes, payloadBytes, signatureBytes] = [decode(header), decode(payload), decode(signature)]
    if (parts.length !== 3 || !headerBytes || !payloadBytes || !signatureBytes) return undefined
    const check = this.#checks.get(algorithmOf(headerBytes) ?? '')
    const isGood = check?.(`${header}.${payload}`, signatureBytes) ?? false
    if (typeof isGood === 'boolean') return isGood ? payloadBytes.toString() : undefined
    return isGood.then((wasGood) => (wasGood ? payloadBytes.toString() : undefined))
  }
}

/** Undefined unless this is the one way to write the bytes: Node itself skips what is not of the alphabet. */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : undefined
}

/** Undefined too when the header asks for an extension: there is none here, and who does not know one must refuse it. */
function algorithmOf(bytes: Buffer): string | undefined {
  try {
    const header: unknown = JSON.parse(bytes.toString())
    if (typeof header !== 'object' || header === null || 'crit' in header || 'b64' in header) return undefined
    return 'alg' in header && typeof header.alg === 'string' ? header.alg : undefined
  } catch {
    return undefined
  }
}

type Checks = Partial<Record<TokenAlgorithm, Check>>

function checksBySecret(secrets: string[]): Checks {
  if (secrets.length === 0) return {}
  if (secrets.some((secret) => /-----BEGIN (?:[A-Z ]*PUBLIC KEY|CERTIFICATE)-----/.test(secret))) {
    throw new Error('A secret key for tokens is a public key: everybody could sign with it.')
  }
  const keys = secrets.map((secret) => createSecretKey(Buffer.from(secret)))
  const check =
    (hash: string): Check =>
    (signed, signature) =>
      keys.some((key) => isEqual(createHmac(hash, key).update(signed).digest(), signature))
  return { HS256: check('sha256'), HS384: check('sha384'), HS512: check('sha512') }
}

const isEqual = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other)

function checksByRsa(pem: string | undefined): Checks {
  if (!pem) return {}
  const key = publicKey(pem, 'rsaPublicKey')
  if (key.asymmetricKeyType !== 'rsa') throw new Error('rsaPublicKey is not an RSA key.')
  return { RS256: checkBy(key, 'sha256'), RS384: checkBy(key, 'sha384'), RS512: checkBy(key, 'sha512') }
}

function checksByEcdsa(pem: string | undefined): Checks {
  if (!pem) return {}
  const key = publicKey(pem, 'ecdsaPublicKey')
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case 'prime256v1':
      return { ES256: checkBy(key, 'sha256', 64) }
    case 'secp384r1':
      return { ES384: checkBy(key, 'sha384', 96) }
    case 'secp521r1':
      return { ES512: checkBy(key, 'sha512', 132) }
    default:
      throw new Error('ecdsaPublicKey is not a key of the curve P-256, P-384 or P-521.')
  }
}

function publicKey(pem: string, name: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch (error) {
    throw new Error(`${name} is not a public key in PEM.`, { cause: error })
  }
}

/** In the thread pool: one signature of the largest curve takes more than a millisecond. */
function checkBy(key: KeyObject, hash: string, signatureLength?: number): Check {
  // Of JWTs the two numbers of an ECDSA signature follow each other without the frame that they have elsewhere (DER).
  const how = { key, dsaEncoding: 'ieee-p1363' } as const
  return (signed, signature) => {
    if (signatureLength !== undefined && signature.length !== signatureLength) return false
    return new Promise((resolve) => {
      verify(hash, Buffer.from(signed), how, signature, (error, isGood) => resolve(!error && isGood))
    })
  }
}
