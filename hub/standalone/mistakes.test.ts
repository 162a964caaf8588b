import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from './settings.ts'

const mistakesOf = (config: unknown) => readSettings(config).mistakes
const withNamespace = (options: object) => ({ channel: { namespaces: [{ name: 'room', ...options }] } })

test('[CFG2] all mistakes are named at once, by their paths', () => {
  const config = {
    http_server: { port: 70_000 },
    client: {
      channel_limit: 'many',
      ping_interval: 25,
      insecure: 'yes',
      allowed_origins: [1],
      token: 'hush',
      subscribe_to_user_personal_channel: { enabled: true, personal_channel_namespace: 'nobody' },
    },
    sse: 'on',
    websocket: { handler_prefix: 'ws' },
    http_api: { error_mode: 'loud' },
    log: { level: 'chatty' },
    channel: {
      without_namespace: [],
      namespaces: [
        { name: 'room', history_ttl: '1500ms', history_size: 5, channel_regex: '(' },
        { name: 'x' },
        { name: 'twice' },
        { name: 'twice', history_size: 5 },
        { name: 'lost', force_recovery: true },
        { name: 'long', history_size: 1, history_ttl: '721h' },
        { name: 'cache', auto_cache_recover: true, force_recovery_mode: 'caches', allowed_delta_types: ['zip'] },
        { history_size: 5 },
      ],
    },
  }
  const { mistakes, settings } = readSettings(config)
  assert.equal(settings, undefined)
  assert.deepEqual(mistakes.toSorted(), [
    'channel.namespaces.cache.allowed_delta_types must be a list of "fossil", not this list.',
    'channel.namespaces.cache.force_recovery_mode must be one of "stream", "cache", not "caches".',
    'channel.namespaces.long: history_ttl (2595600s) must not exceed history_meta_ttl (2592000s).',
    'channel.namespaces.lost: force_recovery needs history_size and history_ttl.',
    'channel.namespaces.room.channel_regex must be a regular expression, not "(".',
    'channel.namespaces.room.history_ttl must be a duration of whole seconds, such as "600s" or "720h", not "1500ms".',
    'channel.namespaces.twice: history_size and history_ttl need each other.',
    'channel.namespaces: the name "twice" is there twice.',
    'channel.namespaces: the name "x" must be two or more letters, digits, "-", "_" and ".".',
    'channel.namespaces[7].name must be text.',
    'channel.without_namespace must be an object.',
    'client.allowed_origins must be a list of texts, not this list.',
    'client.channel_limit must be a whole number from 0 on, not "many".',
    'client.insecure must be true or false, not "yes".',
    'client.ping_interval must be a duration such as "25s", "300ms" or "720h", not 25.',
    'client.subscribe_to_user_personal_channel: there is no namespace "nobody".',
    'client.token must be an object.',
    'http_api.error_mode must be "transport", not "loud".',
    'http_server.port must be a port from 0 to 65535, not 70000.',
    'log.level must be one of "trace", "debug", "info", "warn", "error", "fatal", "none", not "chatty".',
    'sse must be an object.',
    'websocket.handler_prefix must be a path that begins with a slash, not "ws".',
  ])
})

test('[CFG2] values that need each other are looked at together', () => {
  assert.deepEqual(mistakesOf({ client: { ping_interval: '5s' } }), [
    'client.pong_timeout (8s) must be less than client.ping_interval (5s).',
  ])
  assert.deepEqual(mistakesOf(withNamespace({ auto_cache_recover: true })), [
    'channel.namespaces.room: auto_cache_recover needs force_recovery and force_recovery_mode "cache".',
  ])
  assert.deepEqual(
    mistakesOf({ client: { subscribe_to_user_personal_channel: { enabled: true, single_connection: true } } }),
    ['client.subscribe_to_user_personal_channel: single_connection needs presence in its namespace.'],
  )
})

test('[CFG2] what is no object is no configuration', () => {
  for (const config of [[], 'x', null, 5]) {
    assert.deepEqual(mistakesOf(config), ['The configuration must be a JSON object.'])
  }
  assert.deepEqual(mistakesOf({ channel: { namespaces: {} } }), ['channel.namespaces must be a list of objects.'])
})

test('[CFG2] no mistake and no warning shows a secret', () => {
  const { mistakes, warnings } = readSettings({
    client: {
      token: { hmac_secret_key: ['hush'], rsa_public_key: 'hush', ecdsa_public_key: { key: 'hush' } },
      subscription_token: 'hush',
    },
    http_api: { key: { is: 'hush' } },
    admin: { enabled: true, password: 'hush' },
    engine: { redis: { password: 'hush' } },
  })
  assert.equal(mistakes.length, 5)
  assert.equal(warnings.length, 2)
  assert.doesNotMatch([...mistakes, ...warnings].join('\n'), /hush/)
})
