import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { root, run } from '../steps.ts'
import { userCache } from './cache.ts'
import { installFromDebian } from './debian.ts'
import { type Program, startProgram } from './program.ts'

/** The releases of Kafka, Kafka Connect and Debezium; the image for compose is made from the same file. */
export const pomPath = join(root, 'deploy/debezium/pom.xml')
const oldestJava = 17

/** A folder with Kafka, Kafka Connect, Debezium and all that they need. */
export type Jars = { folder: string }

export type JavaOptions = {
  heapMb: number
  env?: Record<string, string>
}

export type JarSources = {
  /** Where they are kept from run to run. */
  cache?: string
  /** The commands of Java and Maven. */
  java?: string
  maven?: string
  /** Installs a package where that is possible. */
  install?: (name: string) => Promise<void>
}

/** Fetched by Maven the first time. Throws a sentence that says why they cannot be had. */
export async function ensureJars(sources: JarSources = {}): Promise<Jars> {
  const { cache = userCache(), java = 'java', maven = 'mvn', install = installFromDebian } = sources
  const releases = createHash('sha256').update(await readFile(pomPath))
  const place = join(cache, 'kafka')
  const folder = join(place, releases.digest('hex').slice(0, 12))
  // With them here, Java is enough.
  const needed = (await exists(folder)) ? [() => hasJava(java)] : [() => hasJava(java), () => hasMaven(maven)]
  await ensureTools(needed, install)
  if (await exists(folder)) return { folder }
  await mkdir(place, { recursive: true })
  // Put in place at once: another run must not find half of it.
  const scratch = await mkdtemp(join(place, 'fetching-'))
  try {
    await fetchInto(scratch, maven)
    await rename(scratch, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  return { folder }
}

/** A class of the jars as a process: small on memory, and quick to start on few cores. */
export function startJava(name: string, jars: Jars, [main = '', ...args]: string[], options: JavaOptions): Program {
  const { heapMb, env = {} } = options
  return startProgram(name, ['java', ...machine(jars, heapMb), main, ...args], { env: { ...process.env, ...env } })
}

/** Runs one of their commands to its end. Throws what it said if it fails. */
export async function runJava(name: string, jars: Jars, [main = '', ...args]: string[]): Promise<void> {
  const { code, output } = await run(['java', ...machine(jars, 64), main, ...args], { isQuiet: true })
  if (code !== 0) throw new Error(`${name} failed: ${output.trim()}`)
}

const machine = ({ folder }: Jars, heapMb: number): string[] => [
  `-Xmx${heapMb}m`,
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-cp',
  join(folder, '*'),
]

async function fetchInto(folder: string, maven: string): Promise<void> {
  process.stdout.write('Fetching Kafka, Kafka Connect and Debezium …\n')
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`]
  const { code, output } = await run([maven, '-B', '-q', '-ntp', '-f', pomPath, ...goal], { isQuiet: true })
  if (code !== 0) throw new Error(`Kafka, Kafka Connect and Debezium could not be fetched: ${lastWords(output)}`)
}

/** Maven's own reason, in one line. */
function lastWords(output: string): string {
  const line = output.split('\n').find((each) => each.startsWith('[ERROR]')) ?? output
  return line.replace('[ERROR]', '').trim().slice(0, 1000) || 'Maven did not say why.'
}

async function ensureTools(
  needed: ReadonlyArray<() => Promise<boolean>>,
  install: (name: string) => Promise<void>,
): Promise<void> {
  const areThere = async () => (await Promise.all(needed.map((has) => has()))).every(Boolean)
  // Debian's Maven brings Java along.
  if (!(await areThere())) await install('maven')
  if (await areThere()) return
  throw new Error(
    `Kafka and Debezium need Java ${oldestJava} or newer and Maven: install them (apt-get install maven, brew install maven).`,
  )
}

async function hasJava(java: string): Promise<boolean> {
  const { code, output } = await run([java, '-version'], { isQuiet: true })
  return code === 0 && Number(/version "(\d+)/.exec(output)?.[1] ?? 0) >= oldestJava
}

const hasMaven = async (maven: string) => (await run([maven, '-version'], { isQuiet: true })).code === 0

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
