import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { StartError } from '../start-error.ts'

/**
 * Who PostgreSQL runs as, for it refuses to run as root:
 * `own` is the user who started us; `namespace` is root, seen by PostgreSQL as an ordinary user through a user
 * namespace, so that it reaches all that root owns, even in a 0700 tree; `user` is another user of this machine.
 */
export type Account = { kind: 'own' } | { kind: 'namespace'; uid: number } | { kind: 'user'; uid: number; gid: number }

export const SYSTEM_USER = 'grandchat'

const run = promisify(execFile)

export const isRoot = () => process.getuid?.() === 0

/** The file, arguments and identity to spawn a program with. */
export function commandAs(account: Account, program: string, args: string[]) {
  if (account.kind === 'own') return { file: program, args, identity: {} }
  if (account.kind === 'user') return { file: program, args, identity: { uid: account.uid, gid: account.gid } }
  // unshare replaces itself with the program, so the process id stays that of PostgreSQL.
  const mapping = ['--user', `--map-user=${account.uid}`, `--map-group=${account.uid}`]
  return { file: 'unshare', args: [...mapping, '--', program, ...args], identity: {} }
}

/** Whether the account may run this program and enter this folder. */
export function reaches(account: Account, program: string, folder: string): boolean {
  const test = ['-c', 'test -x "$0" && test -x "$1"', program, folder]
  const { file, args, identity } = commandAs(account, '/bin/sh', test)
  return spawnSync(file, args, { ...identity, cwd: '/', stdio: 'ignore' }).status === 0
}

export function namespaceAccount(): Account {
  // initdb looks the user up, so it has to be one that exists; which one does not matter.
  const uid = listUsers().find((user) => user.uid !== 0)?.uid ?? 65534
  return { kind: 'namespace', uid }
}

/** The system user kept for GrandChat, made at first need. */
export async function systemUser(): Promise<Account> {
  const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin']
  const existing = findUser(SYSTEM_USER)
  if (existing) return existing
  const failure = await run('useradd', [...options, SYSTEM_USER]).then(
    () => undefined,
    (error: Error) => error.message.trim().split('\n').at(-1),
  )
  const created = findUser(SYSTEM_USER)
  if (created) return created
  throw new StartError(
    `PostgreSQL does not run as root, user namespaces are refused here and the system user "${SYSTEM_USER}" could not ` +
      `be made (${failure ?? 'it is not in /etc/passwd'}): start GrandChat as an ordinary user.`,
  )
}

function findUser(name: string): Account | undefined {
  const user = listUsers().find((user) => user.name === name)
  return user && { kind: 'user', uid: user.uid, gid: user.gid }
}

function listUsers() {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').trim().split('\n')
    return lines.map((line) => {
      const [name = '', , uid, gid] = line.split(':')
      return { name, uid: Number(uid), gid: Number(gid) }
    })
  } catch {
    return []
  }
}
