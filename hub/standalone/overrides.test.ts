import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from './settings.ts'

test('[CFG6] the environment is above the file, and flags are above both', () => {
  const config = {
    client: { insecure: false, channel_limit: 1, allowed_origins: ['https://file'] },
    channel: { namespaces: [{ name: 'big-room', history_size: 5, history_ttl: '60s' }] },
  }
  const { settings, mistakes, warnings } = readSettings(config, {
    environment: {
      CENTRIFUGO_CLIENT_INSECURE: '1',
      CENTRIFUGO_CLIENT_CHANNEL_LIMIT: '2',
      CENTRIFUGO_CLIENT_ALLOWED_ORIGINS: 'https://a https://b',
      CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY: 'hush',
      CENTRIFUGO_HTTP_SERVER_INTERNAL_PORT: '9000',
      CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_PRESENCE: 'true',
      CENTRIFUGO_CHANNEL_NAMESPACES_BIG_ROOM_HISTORY_SIZE: '7',
      CENTRIFUGO_ENGINE_TYPE: 'memory',
      CENTRIFUGO_VAR_ANYTHING: 'x',
      CENTRIFUGO_SERVICE_HOST: '10.0.0.1',
      CENTRIFUGO_PORT: 'tcp://10.0.0.1:8000',
      CENTRIFUGO_HTTP_API_ENDPOINT: 'http://x',
      CLIENT_INSECURE: 'not ours',
    },
    flags: { 'client.channel_limit': '3' },
  })
  assert.deepEqual(mistakes, [])
  assert.deepEqual(warnings, ['CENTRIFUGO_HTTP_API_ENDPOINT is not supported and is ignored.'])
  assert.deepEqual(settings, {
    hub: {
      allowedOrigins: ['https://a', 'https://b'],
      client: { insecure: true, channelLimit: 3 },
      token: { hmacSecretKey: 'hush' },
      namespaces: [{ name: 'big-room', historySize: 7, historyTtlSeconds: 60 }],
      withoutNamespace: { presence: true },
    },
    server: { internalPort: 9000 },
  })
  assert.equal(config.client.insecure, false, 'what was given is not changed')
})

test('[CFG6] namespaces come from the environment as JSON', () => {
  const environment = {
    CENTRIFUGO_CHANNEL_NAMESPACES: '[{"name":"room","presence":true}]',
    CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_JOIN_LEAVE: 'true',
  }
  assert.deepEqual(readSettings({}, { environment }).settings?.hub.namespaces, [
    { name: 'room', presence: true, joinLeave: true },
  ])
  assert.deepEqual(readSettings({}, { environment: { CENTRIFUGO_CHANNEL_NAMESPACES: '{hush' } }).mistakes, [
    'channel.namespaces must be a list of objects.',
  ])
})

test('[CFG6] a mistake says which variable or flag it came from', () => {
  const { mistakes } = readSettings(
    { channel: { namespaces: [{ name: 'room' }] } },
    {
      environment: {
        CENTRIFUGO_CLIENT_INSECURE: 'yes',
        CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_HISTORY_SIZE: 'x',
        CENTRIFUGO_ENGINE_TYPE: 'redis',
      },
      flags: { 'log.level': 'loud' },
    },
  )
  assert.deepEqual(mistakes, [
    'client.insecure (set by CENTRIFUGO_CLIENT_INSECURE) must be true or false, not "yes".',
    'channel.namespaces.room.history_size (set by CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_HISTORY_SIZE) must be a whole number from 0 on, not "x".',
    'log.level (set by --log.level) must be one of "trace", "debug", "info", "warn", "error", "fatal", "none", not "loud".',
    'engine.type is not supported: this hub keeps everything in memory; use Centrifugo.',
  ])
})
