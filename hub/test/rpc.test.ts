import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HubError } from '../index.ts'
import { connectSdk, startHub } from './fixture.ts'

test('[OTH5] clients call what the program offers', async (t) => {
  const fixture = await startHub(t, {
    rpc: {
      greet: ({ user }, data) => ({ hello: user, heard: data }),
      nothing: () => undefined,
      forbidden: () => Promise.reject(new HubError({ code: 1000, message: 'not for you' })),
      broken: () => {
        throw new Error('a secret of the program')
      },
    },
  })
  const sdk = await connectSdk(t, fixture, 'ann')
  assert.deepEqual((await sdk.rpc('greet', [1])).data, { hello: 'ann', heard: [1] })
  assert.equal((await sdk.rpc('nothing', null)).data, undefined)
  await assert.rejects(sdk.rpc('forbidden', {}), { code: 1000, message: 'not for you' })
  await assert.rejects(sdk.rpc('broken', {}), { code: 100, message: 'internal server error' })
  await assert.rejects(sdk.rpc('unknown', {}), { code: 104 })
  await assert.rejects(sdk.rpc('toString', {}), { code: 104 })
})
