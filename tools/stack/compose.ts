import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { parseEnv } from 'node:util'
import { parse } from 'yaml'
import { root, run } from '../steps.ts'

export type Service = {
  image: string
  build?: { context: string; dockerfile?: string }
  profiles?: string[]
  restart: string
  command?: string | string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string; required?: boolean }>
  healthcheck?: object
  ports?: string[]
  volumes?: string[]
  networks?: string[] | Record<string, { ipv4_address?: string } | null>
  network_mode?: string
}
type Compose = { services: Record<string, Service>; networks: Record<string, object>; volumes: Record<string, object> }

export const deploy = join(root, 'deploy')

/** The file as text, and what it says. */
export async function readCompose(): Promise<Compose & { text: string }> {
  const text = await readFile(join(deploy, 'compose.yaml'), 'utf8')
  return { text, ...(parse(text, { merge: true }) as Compose) }
}

/** What `secrets.sh` makes, in a folder of its own. */
export async function makeSecrets(t: TestContext, ...args: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-secrets-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const script = join(folder, 'secrets.sh')
  await copyFile(join(deploy, 'secrets.sh'), script)
  const make = () => run(['sh', script, ...args], { isQuiet: true })
  return { file: join(folder, '.env'), make, ...(await make()) }
}

export const readEnv = async (file: string) => parseEnv(await readFile(file, 'utf8')) as Record<string, string>

/** The variables of a service as compose hands them over. */
export function environmentOf(service: Service | undefined, env: Record<string, string>): Record<string, string> {
  const given = Object.entries(service?.environment ?? {})
  return Object.fromEntries(given.map(([name, value]) => [name, filledIn(value, env)]))
}

/** `${NAME:?words}` is the one form that is used: without a value nothing starts. */
function filledIn(value: string, env: Record<string, string>): string {
  return value.replaceAll(/\$\{([A-Z_]+)(:\?[^}]*)?\}/g, (_, name: string) => env[name] ?? assert.fail(name))
}
