import assert from 'node:assert/strict'
import { test } from 'node:test'
import { told } from './journal.ts'
import { newChannel, startProgram } from './program.ts'
import { connectSdk, journalOf, speakers, subscribe } from './sdk.ts'
import { connectionToken } from './tokens.ts'

const hub = await startProgram()
let users = 0

for (const speaker of speakers) {
  const connectUser = async (t: Parameters<typeof connectSdk>[0], options = {}) => {
    const user = `user_${++users}`
    const sdk = await connectSdk(t, hub, speaker, { token: await connectionToken(user), ...options })
    return { user, sdk, journal: journalOf(sdk) }
  }

  for (const code of [3001, 3499, 4000, 4499]) {
    test(`over ${speaker.name} a client that is told ${code} connects again`, async (t) => {
      const { user, journal, sdk } = await connectUser(t)
      const { journal: subscription } = await subscribe(sdk, newChannel())
      await hub.api('disconnect', { user, disconnect: { code, reason: 'причина' } })
      assert.deepEqual(told(await journal.first('connecting')), { code, reason: 'причина' })
      await journal.first('connected')
      await subscription.nth('subscribed', 2)
      assert.deepEqual(journal.all('disconnected'), [])
      assert.deepEqual(journal.all('error'), [])
    })
  }

  for (const code of [3500, 3999, 4500, 4999]) {
    test(`over ${speaker.name} a client that is told ${code} stays away until it connects`, async (t) => {
      const { user, journal, sdk } = await connectUser(t)
      const { journal: subscription } = await subscribe(sdk, newChannel())
      await hub.api('disconnect', { user, disconnect: { code, reason: 'enough' } })
      assert.deepEqual(told(await journal.first('disconnected')), { code, reason: 'enough' })
      assert.deepEqual(journal.names(), ['disconnected'])
      assert.deepEqual(subscription.names('subscribing', 'unsubscribed'), ['subscribing', 'subscribing'])
      sdk.connect()
      await subscription.nth('subscribed', 2)
    })
  }

  test(`over ${speaker.name} a client that is dropped with 3000 is told nothing and connects again`, async (t) => {
    const { user, journal } = await connectUser(t)
    await hub.api('disconnect', { user, disconnect: { code: 3000, reason: 'connection closed' } })
    assert.deepEqual(await journal.first('connecting'), { code: 1, reason: 'transport closed' })
    await journal.first('connected')
  })

  test(`over ${speaker.name} a disconnect without a code is 3503`, async (t) => {
    const { user, journal } = await connectUser(t)
    await hub.api('disconnect', { user })
    assert.deepEqual(told(await journal.first('disconnected')), { code: 3503, reason: 'force disconnect' })
  })

  test(`over ${speaker.name} invalidated state is fetched anew, with new tokens`, async (t) => {
    let tokens = 0
    const getToken = async () => {
      tokens++
      return connectionToken(user)
    }
    const user = `user_${++users}`
    const sdk = await connectSdk(t, hub, speaker, { token: await connectionToken(user), getToken })
    const { subscription, journal } = await subscribe(sdk, newChannel())
    await hub.publish(subscription.channel, 1)
    await journal.first('publication')
    await hub.api('disconnect', { user, disconnect: { code: 3014, reason: 'state invalidated' } })
    const { wasRecovering, recovered } = await journal.nth('subscribed', 2)
    assert.deepEqual([tokens, wasRecovering, recovered], [1, true, false])
  })

  test(`over ${speaker.name} an unsubscribe of the server is final and tells why`, async (t) => {
    const { user, sdk } = await connectUser(t)
    const { subscription, journal } = await subscribe(sdk, newChannel())
    const { channel } = subscription
    await hub.api('unsubscribe', { user, channel })
    assert.deepEqual(told(await journal.first('unsubscribed')), { channel, code: 2000, reason: 'server unsubscribe' })
    assert.equal(subscription.state, 'unsubscribed')
    await hub.publish(channel, 'missed')
    subscription.subscribe()
    assert.equal(speaker.decode((await journal.first('publication')).data), 'missed')
    assert.equal(journal.all('leave').length, 0)
  })

  test(`over ${speaker.name} an unsubscribe of another channel does not disturb`, async (t) => {
    const { user, sdk, journal: clients } = await connectUser(t)
    const { subscription, journal } = await subscribe(sdk, newChannel())
    await hub.api('unsubscribe', { user, channel: newChannel() })
    await hub.publish(subscription.channel, 1)
    await journal.first('publication')
    assert.deepEqual(clients.entries, [])
  })

  test(`over ${speaker.name} a frame that is lost with the connection fails and the next works`, async (t) => {
    const { user, sdk, journal } = await connectUser(t)
    const ended = hub.api('disconnect', { user, disconnect: { code: 4000, reason: 'again' } })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => sdk.publish('any', speaker.encode(n))),
    )
    await ended
    await journal.first('connecting')
    for (const each of outcomes) if (each.status === 'rejected') assert.equal(each.reason.code, 11)
    await sdk.publish('any', speaker.encode('again'))
  })
}
