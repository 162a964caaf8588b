import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../steps.ts'
import { userCache } from './cache.ts'

/** The release that the contract suite is written for. */
export const centrifugoVersion = 'v6.9.2'
const oldestGo = [1, 26] as const
const name = process.platform === 'win32' ? 'centrifugo.exe' : 'centrifugo'

export type Sources = {
  /** Where programs are kept from run to run. */
  cache?: string
  /** The command of Go. */
  go?: string
}

/**
 * The path of Centrifugo's program, built from its source by Go the first time. Throws a sentence that says why it
 * cannot be had.
 */
export async function ensureCentrifugo({ cache = userCache(), go = 'go' }: Sources = {}): Promise<string> {
  const folder = join(cache, 'centrifugo', centrifugoVersion)
  const program = join(folder, name)
  if (await isProgram(program)) return program
  await checkGo(go)
  await mkdir(folder, { recursive: true })
  // Put in place at once: another run must not find half of it.
  const scratch = await mkdtemp(join(folder, 'building-'))
  try {
    await install(go, scratch)
    await rename(join(scratch, name), program)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  return program
}

let found: Promise<string> | undefined

/** The same, asked once by this process: where it cannot be had, each try would ask the network again. */
export function findCentrifugoOnce(): Promise<string> {
  found ??= ensureCentrifugo()
  return found
}

async function install(go: string, folder: string): Promise<void> {
  process.stdout.write(`Building Centrifugo ${centrifugoVersion} …\n`)
  const command = [go, 'install', `github.com/centrifugal/centrifugo/v6@${centrifugoVersion}`]
  const { code, output } = await run(command, { isQuiet: true, env: { GOBIN: folder } })
  if (code !== 0) throw new Error(`Centrifugo ${centrifugoVersion} could not be installed: ${lastWords(output)}`)
}

/** Go's own reason, in one line. */
function lastWords(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  const from = lines.findLastIndex((line) => line.startsWith('go: '))
  const reason = lines.slice(Math.max(from, 0)).filter(Boolean).join(' ')
  return reason.slice(0, 1000) || 'Go did not say why.'
}

async function checkGo(go: string): Promise<void> {
  const { code, output } = await run([go, 'version'], { isQuiet: true })
  const [, major = 0, minor = 0] = code === 0 ? (/go(\d+)\.(\d+)/.exec(output)?.map(Number) ?? []) : []
  if (major > oldestGo[0] || (major === oldestGo[0] && minor >= oldestGo[1])) return
  const found = major > 0 ? `, and this is Go ${major}.${minor}` : ''
  throw new Error(
    `Centrifugo ${centrifugoVersion} is built with Go ${oldestGo.join('.')} or newer${found}: install it from https://go.dev/dl/.`,
  )
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
