import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { readSettings } from '../../hub/standalone/index.ts'
import { channelOptions } from '../../server/realtime/namespaces.ts'
import { configPath, configText } from './centrifugo-config.ts'

const text = await readFile(configPath, 'utf8')
const config: unknown = JSON.parse(text)
const environment = {
  CENTRIFUGO_CLIENT_ALLOWED_ORIGINS: 'https://chat.example.com https://other.example.com',
  CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY: 'a secret of at least thirty-two characters',
  CENTRIFUGO_HTTP_API_KEY: 'a key of at least sixteen characters',
}

test('the configuration of Centrifugo is what the namespaces say (else: node tools/stack/centrifugo-config.ts)', () => {
  assert.equal(text, configText())
})

test('it holds no secret and lets nobody in by itself', () => {
  assert.doesNotMatch(text, /secret|"key"|password|origin|insecure/)
})

test('our hub reads it, with what comes by environment, and finds nothing wrong', () => {
  const { settings, mistakes, warnings } = readSettings(config, { environment })
  assert.deepEqual({ mistakes, warnings }, { mistakes: [], warnings: [] })
  assert.deepEqual(settings?.hub.allowedOrigins, ['https://chat.example.com', 'https://other.example.com'])
  assert.equal(settings?.hub.token?.hmacSecretKey, environment.CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY)
  assert.equal(settings?.server.apiKey, environment.CENTRIFUGO_HTTP_API_KEY)
  const { hasHttpStream, hasSse, hasHealth, hasMetrics, internalPort } = settings?.server ?? {}
  assert.deepEqual([hasHttpStream, hasSse, hasHealth, hasMetrics, internalPort], [true, true, true, true, 9000])
})

test('what clients may do, and the bounds that both keep, are those of the hub within a backend', () => {
  const { settings } = readSettings(config, { environment })
  const { commandRateLimit: _, ...client } = channelOptions.client ?? {}
  assert.partialDeepStrictEqual(settings?.hub, { ...channelOptions, client })
})

test('the engine comes by environment too, and the hub says plainly that it has none but memory', () => {
  const { mistakes } = readSettings(config, {
    environment: {
      ...environment,
      CENTRIFUGO_ENGINE_TYPE: 'redis',
      CENTRIFUGO_ENGINE_REDIS_ADDRESS: 'redis://redis:6379',
    },
  })
  assert.equal(mistakes.length, 1)
  assert.match(mistakes[0] ?? '', /engine.type .*keeps everything in memory; use Centrifugo/)
})
