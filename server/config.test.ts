import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import { secretsFrom } from './services.ts'
import { StartError } from './start-error.ts'

const large = {
  CENTRIFUGO_HTTP_API_ENDPOINT: 'http://127.0.0.1:8000/api/',
  CENTRIFUGO_HTTP_API_KEY: 'k'.repeat(16),
  CENTRIFUGO_TOKEN_SECRET: 's'.repeat(32),
  CENTRIFUGO_BROADCAST_MODE: 'api',
}

test('with Centrifugo all that it needs is there, and without it nothing of it', () => {
  assert.equal(readConfig(large).CENTRIFUGO_HTTP_API_ENDPOINT, 'http://127.0.0.1:8000/api')
  const { CENTRIFUGO_TOKEN_SECRET: _, ...secretless } = large
  assert.throws(
    () => readConfig(secretless),
    new StartError('CENTRIFUGO_HTTP_API_ENDPOINT needs CENTRIFUGO_TOKEN_SECRET, too.'),
  )
  const { CENTRIFUGO_HTTP_API_ENDPOINT: __, ...homeless } = large
  assert.throws(() => readConfig(homeless), /mean nothing without CENTRIFUGO_HTTP_API_ENDPOINT/)
})

test('events go through the outbox unless another way is chosen, and without Centrifugo there is none to choose', () => {
  const { CENTRIFUGO_BROADCAST_MODE: _, ...undecided } = large
  assert.equal(readConfig(undecided).CENTRIFUGO_BROADCAST_MODE, 'outbox')
  for (const mode of ['api', 'outbox', 'cdc', 'api_cdc'])
    assert.equal(readConfig({ ...large, CENTRIFUGO_BROADCAST_MODE: mode }).CENTRIFUGO_BROADCAST_MODE, mode)
  assert.throws(() => readConfig({ ...large, CENTRIFUGO_BROADCAST_MODE: 'kafka' }), /api, outbox, cdc or api_cdc/)
  assert.equal(readConfig({}).CENTRIFUGO_BROADCAST_MODE, undefined)
  assert.throws(() => readConfig({ CENTRIFUGO_BROADCAST_MODE: 'outbox' }), /mean nothing without/)
  for (const partitions of ['0', '257', '-1', 'x'])
    assert.throws(() => readConfig({ CENTRIFUGO_OUTBOX_PARTITIONS: partitions }), /a number from 1 to 256/)
})

test('all that is wrong is named at once, and no value is shown', () => {
  const wrong = { PORT: 'x', CENTRIFUGO_TOKEN_SECRET: 'too short', CENTRIFUGO_HTTP_API_ENDPOINT: 'ftp://host' }
  assert.throws(
    () => readConfig(wrong),
    (error: Error) => {
      for (const name of Object.keys(wrong)) assert.match(error.message, new RegExp(name))
      assert.doesNotMatch(error.message, /too short|ftp/)
      return true
    },
  )
})

test('backends with one secret share what it is for, and nothing can be told from one part about another', () => {
  const [one, other] = [secretsFrom('a'.repeat(32)), secretsFrom('a'.repeat(32))]
  assert.deepEqual(one, other)
  assert.notDeepEqual(secretsFrom('b'.repeat(32)), one)
  assert.equal(new Set(Object.values(one)).size, 3)
  assert.throws(() => readConfig({ SECRET: 'short' }), /SECRET must be a secret of at least 32 characters/)
})
