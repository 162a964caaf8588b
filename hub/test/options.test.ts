import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hub } from '../index.ts'

test('[OTH4] all wrong options are named at once', () => {
  const wrong = () =>
    new Hub({
      token: { hmacSecretKey: '' },
      namespaces: [
        { name: 'x' },
        { name: 'twice' },
        { name: 'twice', historySize: 5 },
        { name: 'lost', forceRecovery: true },
      ],
      client: { pingIntervalSeconds: 5, channelLimit: -1 },
      checkOrigin: () => true,
      allowedOrigins: ['*'],
    })
  for (const mistake of [
    /hmacSecretKey/,
    /namespace x/,
    /namespace twice is there twice/,
    /namespace twice: historySize and historyTtlSeconds/,
    /namespace lost: recovery needs history/,
    /pongTimeoutSeconds/,
    /client\.channelLimit/,
    /checkOrigin and allowedOrigins/,
  ]) {
    assert.throws(wrong, mistake)
  }
})

test('[OTH4] an undefined option is the default', () => {
  assert.doesNotThrow(() => new Hub({ token: { hmacSecretKey: 'x' }, client: { channelLimit: undefined } }))
})
