import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { afterwards } from '../../server/testing/afterwards.ts'
import { createTestDatabase } from '../../server/testing/database.ts'
import { cdcTopic } from './centrifugo-consumers.ts'
import { deploy, environmentOf, makeSecrets, readCompose, readEnv } from './compose.ts'
import { readConsumers } from './consumers/settings.ts'
import { connectorEnvironment, connectorPath, makeRole } from './debezium.ts'
import { topicSettings } from './kafka.ts'

const { services } = await readCompose()
const connectorText = await readFile(connectorPath, 'utf8')
const connector = JSON.parse(connectorText) as Record<string, string>

test('each mode starts what it needs: the consumer of Centrifugo, the profile, the backends’ mode', async (t) => {
  const needs: Record<string, string[]> = { outbox: ['postgresql'], api: [], cdc: ['kafka'], api_cdc: ['kafka'] }
  for (const [mode, kinds] of Object.entries(needs)) {
    const env = await readEnv((await makeSecrets(t, 'https://chat.example.com', mode)).file)
    const backend = environmentOf(services['backend-1'], env)
    assert.equal(backend['CENTRIFUGO_BROADCAST_MODE'], mode)
    assert.equal(env['COMPOSE_PROFILES'], kinds.includes('kafka') ? 'cdc' : '')
    const consumers = await readConsumers(environmentOf(services['centrifugo-1'], env))
    assert.deepEqual(
      consumers.map(({ type }) => type),
      kinds,
    )
    for (const { type, settings } of consumers) {
      if (type === 'kafka') {
        assert.deepEqual(settings.brokers, ['kafka:9092'])
      } else {
        assert.equal(settings.dsn, backend['DATABASE_URL'])
        assert.equal(String(settings.num_partitions), backend['CENTRIFUGO_OUTBOX_PARTITIONS'])
      }
    }
  }
  assert.notEqual((await makeSecrets(t, 'https://chat.example.com', 'kafka')).code, 0)
})

test('Debezium follows the one table, by the publication and into the topic that the other side reads', async (t) => {
  assert.equal(connector['publication.name'], 'grandchat_cdc')
  assert.equal(connector['publication.autocreate.mode'], 'disabled')
  assert.equal(`${connector['topic.prefix']}.${connector['table.include.list']}`, cdcTopic)
  assert.match(cdcTopic, new RegExp(`^${connector['predicates.isRow.pattern']}$`))
  const database = await createTestDatabase()
  afterwards(t, () => database.drop())
  const db = new pg.Client({ connectionString: database.url })
  await db.connect()
  afterwards(t, () => db.end())
  const { rows } = await db.query("select tablename from pg_publication_tables where pubname = 'grandchat_cdc'")
  assert.deepEqual(rows, [{ tablename: 'chat_cdc' }])
  await db.query(connector['snapshot.select.statement.overrides.public.chat_cdc'] ?? '')
  await db.query(connector['heartbeat.action.query'] ?? '')
})

test('its file holds no secret, and each name that it asks for is given', async (t) => {
  const asked = [...connectorText.matchAll(/\$\{env:(\w+)\}/g)].map(([, name = '']) => name).toSorted()
  const env = await readEnv((await makeSecrets(t)).file)
  const inCompose = environmentOf(services['connect'], env)
  const isAsked = (name: string) => name.startsWith('GRANDCHAT_')
  assert.deepEqual(Object.keys(inCompose).filter(isAsked).toSorted(), asked)
  assert.deepEqual(Object.keys(connectorEnvironment('postgres://a:b@c:5432/d', 'e')).toSorted(), asked)
  assert.ok(Object.entries(connector).every(([name, value]) => !/password|user/.test(name) || isAsked(value.slice(6))))
  const role = environmentOf(services['cdc-role'], env)
  assert.equal(role['PGOPTIONS'], `-c grandchat.cdc_password=${inCompose['GRANDCHAT_CDC_PASSWORD']}`)
})

test('its role may follow changes and read that table, and no other', async (t) => {
  const database = await createTestDatabase()
  afterwards(t, () => database.drop())
  for (const password of ['first', "it’s an ' other one"]) await makeRole(database.url, password)
  // As the one-shot of compose does it, where PGOPTIONS brings the password.
  const oneShot = new pg.Client({ connectionString: database.url, options: '-c grandchat.cdc_password=abc123' })
  await oneShot.connect()
  afterwards(t, () => oneShot.end())
  await oneShot.query(await readFile(join(deploy, 'debezium/role.sql'), 'utf8'))
  const db = new pg.Client({ connectionString: database.url })
  await db.connect()
  afterwards(t, () => db.end())
  const { rows } = await db.query(`select rolreplication, rolcanlogin, rolsuper,
    has_table_privilege(oid, 'chat_cdc', 'select') as "reads", has_table_privilege(oid, 'messages', 'select') as "readsAll"
    from pg_roles where rolname = 'grandchat_cdc'`)
  assert.deepEqual(rows, [{ rolreplication: true, rolcanlogin: true, rolsuper: false, reads: true, readsAll: false }])
})

test('the topic is made in compose as the tests make it', () => {
  const command = services['kafka-topic']?.command ?? []
  const settings = Object.entries(topicSettings).map(([name, value]) => `--config=${name}=${value}`)
  for (const each of [`--topic=${cdcTopic}`, ...settings]) assert.ok(command.includes(each), each)
  assert.equal(connector['producer.override.max.request.size'], topicSettings['max.message.bytes'])
})

test('the image is made of the releases that the tests run with', async () => {
  const [dockerfile, pom] = await Promise.all(
    ['Dockerfile', 'pom.xml'].map((name) => readFile(join(deploy, 'debezium', name), 'utf8')),
  )
  const version = /<kafka.version>([\d.]+)</.exec(pom ?? '')?.[1]
  assert.ok(version)
  assert.match(dockerfile ?? '', new RegExp(`^FROM apache/kafka:${version}$`, 'm'))
  for (const name of ['kafka', 'kafka-topic']) assert.equal(services[name]?.image, `apache/kafka:${version}`)
})
