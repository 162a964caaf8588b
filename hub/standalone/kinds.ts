import { createPublicKey } from 'node:crypto'

/** What a value of the configuration may be, in the file and, as text, in the environment and in flags. */
export type Kind<T> = {
  /** Completes the sentence "… must be". */
  words: string
  /** The value, or undefined when it is none of this kind. */
  read: (value: unknown) => T | undefined
  /** The value as Centrifugo's file has it. */
  write: (value: T) => unknown
  /** Its value is never shown, not even a wrong one. */
  isSecret?: boolean
}

const asItIs = (value: unknown) => value

/** As Go reads it, which is how Centrifugo does: the file, too, may have "true" in quotes. */
export const boolean: Kind<boolean> = {
  words: 'true or false',
  read(value) {
    if (typeof value === 'boolean') return value
    if (typeof value !== 'string') return undefined
    if (/^(1|t|T|true|True|TRUE)$/.test(value)) return true
    return /^(0|f|F|false|False|FALSE)$/.test(value) ? false : undefined
  },
  write: asItIs,
}

export const integer: Kind<number> = {
  words: 'a whole number from 0 on',
  read(value) {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
  },
  write: asItIs,
}

const isPort = (value: number | undefined) => value !== undefined && value <= 65_535

export const port: Kind<number> = {
  words: 'a port from 0 to 65535',
  read: (value) => (isPort(integer.read(value)) ? integer.read(value) : undefined),
  write: asItIs,
}

/** Centrifugo's own type for some ports is text. */
export const portText: Kind<number> = { ...port, write: String }

export const string: Kind<string> = {
  words: 'text',
  read(value) {
    // An environment and YAML know no difference between 5 and "5", so Centrifugo takes both.
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' ? value : undefined
  },
  write: asItIs,
}

export const secret: Kind<string> = { ...string, isSecret: true }

/** In the environment, parts are divided by spaces. */
export const stringList: Kind<string[]> = {
  words: 'a list of texts',
  read(value) {
    if (typeof value === 'string') return value.split(' ').filter(Boolean)
    const isList = Array.isArray(value) && value.every((each) => typeof each === 'string')
    return isList ? value : undefined
  },
  write: asItIs,
}

export function choice<T extends string>(...allowed: T[]): Kind<T> {
  const named = allowed.map((each) => `"${each}"`)
  return {
    words: named.length === 1 ? named.join() : `one of ${named.join(', ')}`,
    read: (value) => allowed.find((each) => each === value),
    write: asItIs,
  }
}

export function choices<T extends string>(...allowed: T[]): Kind<T[]> {
  const isAllowed = (value: string): value is T => allowed.some((each) => each === value)
  return {
    words: `a list of ${allowed.map((each) => `"${each}"`).join(', ')}`,
    read(value) {
      const list = stringList.read(value)
      return list?.every(isAllowed) ? list : undefined
    },
    write: asItIs,
  }
}

/** The path of an endpoint; a slash at its end is no part of it. */
export const path: Kind<string> = {
  words: 'a path that begins with a slash',
  read: (value) =>
    typeof value === 'string' && /^\/[^?#\s]*$/.test(value) ? value.replace(/(?<=.)\/+$/, '') : undefined,
  write: asItIs,
}

export const regex: Kind<string> = {
  words: 'a regular expression',
  read(value) {
    try {
      return typeof value === 'string' && new RegExp(value, 'u') ? value : undefined
    } catch {
      return undefined
    }
  },
  write: asItIs,
}

export function pem(keyType: 'rsa' | 'ec', name: string): Kind<string> {
  return {
    words: `a public ${name} key in PEM`,
    read(value) {
      try {
        if (typeof value !== 'string') return undefined
        return createPublicKey(value).asymmetricKeyType === keyType ? value : undefined
      } catch {
        return undefined
      }
    },
    write: asItIs,
    isSecret: true,
  }
}
