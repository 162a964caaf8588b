import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { acquireProcessLock } from './process-lock.ts'
import { reasonOf, StartError } from './start-error.ts'

export type DataDirectory = {
  path: string
  /** 32 random bytes as hex, made at first use, the same ever after. Readable by this user alone. */
  secret(name: string): Promise<string>
  release(): void
}

/** Creates the directory if needed and holds it for this process alone. Throws a StartError if either fails. */
export async function openDataDirectory(directory: string): Promise<DataDirectory> {
  const path = await createDirectory(directory)
  const lock = acquireProcessLock(join(path, 'lock'))
  if (!lock.held) throw new StartError(`${path} is already in use by another GrandChat (${lock.holder}).`)
  const secrets = new Map<string, Promise<string>>()
  return {
    path,
    secret(name) {
      const secret = secrets.get(name) ?? openSecret(join(path, 'secrets', name))
      secrets.set(name, secret)
      return secret
    },
    release: () => lock.release(),
  }
}

async function createDirectory(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const path = await realpath(directory)
    const probe = join(path, `.write-check-${process.pid}`)
    await writeDurably(probe, 'ok')
    await rm(probe)
    return path
  } catch (error) {
    throw new StartError(`The data directory ${directory} cannot be written: ${reasonOf(error)}.`)
  }
}

async function openSecret(path: string): Promise<string> {
  const existing = await readFile(path, 'utf8').catch(ignoreMissing)
  if (existing !== undefined) return checkSecret(path, existing.trim())
  const secret = randomBytes(32).toString('hex')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // Renaming is atomic: a crash leaves either no secret or a whole one. The directory's lock keeps other writers away.
  const temporary = `${path}.new`
  await rm(temporary, { force: true })
  await writeDurably(temporary, `${secret}\n`)
  await rename(temporary, path)
  return secret
}

function checkSecret(path: string, secret: string): string {
  if (!/^[0-9a-f]{64}$/.test(secret)) throw new StartError(`The secret in ${path} is damaged: restore or remove it.`)
  return secret
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
