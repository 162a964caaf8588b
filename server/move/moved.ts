import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'

const markOf = (dataPath: string) => join(dataPath, 'moved')

/** Notes that the database in this folder lives elsewhere now, so that nobody goes on writing to the old one. */
export async function markMoved(dataPath: string, where: string): Promise<void> {
  const text = `Moved to ${where} on ${new Date().toISOString()}. The database in this folder is as it was then.\n`
  await writeFile(markOf(dataPath), text, { mode: 0o600, flush: true })
}

/** Throws a StartError if the database in this folder was moved away. */
export async function refuseMoved(dataPath: string): Promise<void> {
  const text = await readFile(markOf(dataPath), 'utf8').catch(() => undefined)
  if (text === undefined) return
  const where = /^Moved to (\S+)/.exec(text)?.[1] ?? 'another database'
  throw new StartError(
    `The database in ${dataPath} was moved to ${where}: set DATABASE_URL to it. ` +
      `To use the old one all the same, remove ${markOf(dataPath)}.`,
  )
}
