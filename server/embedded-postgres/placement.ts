import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, readlink, realpath, stat, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { reasonOf, StartError } from '../start-error.ts'
import { isRoot, namespaceAccount, reaches, systemUser } from './account.ts'
import type { Account } from './account.ts'
import { copyBinaries, findPackage, packageVersion, prepareBinaries } from './binaries.ts'
import type { Binaries } from './binaries.ts'

/** Where the database lies, what runs it and as whom. `cluster` is a real path, which need not exist yet. */
export type Placement = { cluster: string; binaries: Binaries; account: Account }

type UserAccount = Extract<Account, { kind: 'user' }>

/** For what a system user must reach when our own folders are closed to it. */
const SYSTEM_FOLDER = '/var/lib/grandchat'

const run = promisify(execFile)

/** `avoidNamespace` takes the way of a machine that refuses user namespaces. */
export async function placeCluster(directory: string, avoidNamespace = false): Promise<Placement> {
  const cluster = await resolveCluster(directory)
  const packagePath = findPackage()
  const version = await packageVersion(packagePath)
  const binaries = await prepareBinaries(`${cluster}-binaries-${version}`, packagePath)
  if (!isRoot()) return { cluster, binaries, account: { kind: 'own' } }

  const existing = await stat(cluster).catch(() => undefined)
  // A database stays with the user it was made by: PostgreSQL insists on owning its files.
  if (existing && existing.uid !== 0) {
    const owner: UserAccount = { kind: 'user', uid: existing.uid, gid: existing.gid }
    return { cluster, binaries: await reachableBinaries(binaries, packagePath, version, owner), account: owner }
  }
  const namespace = namespaceAccount()
  if (!avoidNamespace && reaches(namespace, binaries.postgres, dirname(cluster))) {
    return { cluster, binaries, account: namespace }
  }
  const user = (await systemUser()) as UserAccount
  return {
    cluster: await reachableCluster(directory, cluster, existing !== undefined, user),
    binaries: await reachableBinaries(binaries, packagePath, version, user),
    account: user,
  }
}

/** Follows the link that `reachableCluster` leaves, even when its target does not exist yet. */
async function resolveCluster(directory: string): Promise<string> {
  const entry = await lstat(directory).catch(() => undefined)
  if (entry?.isSymbolicLink()) return readlink(directory)
  return join(await realpath(dirname(directory)), basename(directory))
}

async function reachableCluster(directory: string, cluster: string, isMade: boolean, user: UserAccount) {
  if (await openParent(cluster, user)) {
    // Made by root in a namespace, before this machine came to refuse them.
    if (isMade) await run('chown', ['-R', `${user.uid}:${user.gid}`, cluster])
    return cluster
  }
  if (isMade) {
    throw new StartError(
      `User namespaces are refused here and no other user can reach ${cluster}: move it or open its path.`,
    )
  }
  // The link comes first: a crash in between leaves a link to nothing, which the next start fills.
  const elsewhere = join(await systemFolder(), `postgres-${randomBytes(6).toString('hex')}`)
  await symlink(elsewhere, directory)
  return elsewhere
}

/** Lets the user pass through our own folder, without letting it list what is there. */
async function openParent(cluster: string, user: UserAccount): Promise<boolean> {
  const parent = dirname(cluster)
  if (reaches(user, '/bin/sh', parent)) return true
  const before = await stat(parent)
  if (before.uid !== 0 || (before.mode & 0o077) !== 0) return false
  if (!reaches(user, '/bin/sh', dirname(parent))) return false
  await chown(parent, 0, user.gid)
  await chmod(parent, 0o710)
  return reaches(user, '/bin/sh', parent)
}

async function reachableBinaries(binaries: Binaries, packagePath: string, version: string, user: UserAccount) {
  if (reaches(user, binaries.postgres, join(binaries.directory, 'lib'))) return binaries
  const copy = await copyBinaries(packagePath, join(await systemFolder(), `postgresql-${version}`))
  // A strict umask closes the copy as well.
  if (!reaches(user, copy.postgres, join(copy.directory, 'lib'))) {
    await run('chown', ['-R', `${user.uid}:${user.gid}`, dirname(copy.directory)])
  }
  return copy
}

async function systemFolder(): Promise<string> {
  try {
    await mkdir(SYSTEM_FOLDER, { recursive: true })
    await chmod(SYSTEM_FOLDER, 0o711)
    return SYSTEM_FOLDER
  } catch (error) {
    throw new StartError(`PostgreSQL does not run as root, and ${SYSTEM_FOLDER} cannot be made: ${reasonOf(error)}.`)
  }
}
