import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
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

/** Gives the shipped file to Kafka Connect, as the one-shot of compose does it, and waits until it is at work. */
export async function registerConnector(connectUrl: string): Promise<void> {
  const body = await readFile(connectorPath)
  const url = `${connectUrl}/connectors/${connectorName}/config`
  const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body })
  if (!answer.ok) throw new Error(`Kafka Connect refuses the connector: ${await answer.text()}`)
  await connectorRuns(connectUrl)
}

type State = { state: string; trace?: string }

/** Resolves when the connector and its task run; rejects when one of them has failed. */
export async function connectorRuns(connectUrl: string): Promise<void> {
  for (;;) {
    const { connector, tasks } = await connectorStatus(connectUrl)
    const all = [connector, ...tasks]
    const failed = all.find(({ state }) => state === 'FAILED')
    if (failed) throw new Error(`The connector has failed: ${failed.trace ?? 'it does not say why'}`)
    if (tasks.length > 0 && all.every(({ state }) => state === 'RUNNING')) return
    await pause(50)
  }
}

async function connectorStatus(connectUrl: string): Promise<{ connector: State; tasks: State[] }> {
  const answer = await fetch(`${connectUrl}/connectors/${connectorName}/status`)
  // For a moment after it was registered, Kafka Connect does not know it yet.
  if (!answer.ok) return { connector: { state: 'UNKNOWN' }, tasks: [] }
  return (await answer.json()) as { connector: State; tasks: State[] }
}
