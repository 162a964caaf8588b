import { generateKeyPairSync } from 'node:crypto'
import { type CryptoKey, importPKCS8 } from 'jose'

type Pair = { publicPem: string; privateKey(alg: string): Promise<CryptoKey> }

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const

/** A key pair of its own for each run. */
export function rsaKeys(): Pair {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding })
  return { publicPem: keys.publicKey, privateKey: (alg) => importPKCS8(keys.privateKey, alg) }
}

export function ecdsaKeys(): Pair {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding })
  return { publicPem: keys.publicKey, privateKey: (alg) => importPKCS8(keys.privateKey, alg) }
}
