import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { root } from '../steps.ts'

export const connectorPath = join(root, 'deploy/debezium/connector.json')
const connectorName = 'grandchat'

/** The names that the connector's file leaves to the environment. */
export function connectorEnvironment(databaseUrl: string, password: string): Record<string, string> {
  const { hostname, port, pathname } = new URL(databaseUrl)
  return {
    GRANDCHAT_CDC_HOST: hostname,
    GRANDCHAT_CDC_PORT: port,
    GRANDCHAT_CDC_DATABASE: pathname.slice(1),
    GRANDCHAT_CDC_USER: 'grandchat_cdc',
    GRANDCHAT_CDC_PASSWORD: password,
  }
}

/** Debezium's role, by the file that is shipped; the tables must be there. */
export async function makeRole(databaseUrl: string, password: string): Promise<void> {
  const sql = await readFile(join(root, 'deploy/debezium/role.sql'), 'utf8')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query("select set_config('grandchat.cdc_password', $1, false)", [password])
    await client.query(sql)
  } finally {
    await client.end()
  }
}

type State = { state: string; trace?: string }

/** What the connector and its task do: RUNNING when both do. Throws what one of them failed at. */
export async function connectorState(connectUrl: string): Promise<string> {
  const status = await fetch(`${connectUrl}/connectors/${connectorName}/status`).catch(() => undefined)
  if (!status?.ok) return 'UNKNOWN'
  const { connector, tasks } = (await status.json()) as { connector: State; tasks: State[] }
  const all = [connector, ...tasks]
  const failed = all.find(({ state }) => state === 'FAILED')
  if (failed) throw new Error(`The connector has failed: ${failed.trace ?? 'it does not say why'}`)
  if (tasks.length === 0) return 'UNASSIGNED'
  return all.find(({ state }) => state !== 'RUNNING')?.state ?? 'RUNNING'
}
