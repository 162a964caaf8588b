import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BroadcastMode, consumerEnvironment } from '../centrifugo-consumers.ts'
import { readConsumers } from './settings.ts'

const sources = { databaseUrl: 'postgres://somewhere/x', bootstrap: 'kafka-1:9092,kafka-2:9092' }
const readFor = (mode: BroadcastMode) => readConsumers(consumerEnvironment(mode, sources))

test('each mode turns on the one consumer that it needs, and says where to read', async () => {
  assert.deepEqual(await readFor('api'), [])
  const [outbox, ...others] = await readFor('outbox')
  assert.deepEqual(others, [])
  assert.partialDeepStrictEqual(outbox, {
    type: 'postgresql',
    settings: { name: 'outbox', dsn: sources.databaseUrl, num_partitions: 8, pollIntervalMs: 300, use_try_lock: true },
  })
  for (const mode of ['cdc', 'api_cdc'] as const) {
    const [cdc, ...more] = await readFor(mode)
    assert.deepEqual(more, [])
    assert.partialDeepStrictEqual(cdc, {
      type: 'kafka',
      settings: { brokers: ['kafka-1:9092', 'kafka-2:9092'], topics: ['postgres.public.chat_cdc'] },
    })
  }
})

test('numbers and switches come by environment as Centrifugo reads them', async () => {
  const environment = {
    ...consumerEnvironment('outbox', sources),
    CENTRIFUGO_CONSUMERS_OUTBOX_POSTGRESQL_NUM_PARTITIONS: '3',
    CENTRIFUGO_CONSUMERS_OUTBOX_POSTGRESQL_USE_TRY_LOCK: 'false',
  }
  const [outbox] = await readConsumers(environment)
  assert.partialDeepStrictEqual(outbox, { settings: { num_partitions: 3, use_try_lock: false } })
})
