import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startFixture } from '../testing/fixture.ts'
import { settle } from '../testing/virtual-time.ts'
import { createIndexedDbStorage } from './indexed-db.ts'
import { createLoneTab } from './tabs.ts'

// What a real database does is seen in real browsers, in e2e/; here is one that does not work.

const open = (findFactory: () => IDBFactory | undefined) =>
  createIndexedDbStorage({ findFactory, tabs: createLoneTab() })

const broken: Record<string, () => IDBFactory | undefined> = {
  'has no database': () => undefined,
  'forbids the database': () => {
    throw new DOMException('not here', 'SecurityError')
  },
  'cannot open the database'() {
    const request = Object.assign(new EventTarget(), { error: new DOMException('it is newer', 'VersionError') })
    queueMicrotask(() => request.dispatchEvent(new Event('error')))
    return { open: () => request } as unknown as IDBFactory
  },
}

for (const [what, findFactory] of Object.entries(broken)) {
  test(`in a browser that ${what}, messages are sent from memory, and that is reported once`, async () => {
    const { client, errors, timeline, contents } = await startFixture({ options: { storage: open(findFactory) } })
    client.messages.open(1)
    await settle()
    client.messages.send(1, 'one')
    assert.equal(timeline().pending[0]?.isKept, false)
    client.messages.send(1, 'two')
    await settle()
    assert.deepEqual(contents(), ['one', 'two'])
    assert.deepEqual(timeline().pending, [])
    assert.equal(errors.length, 1)
  })
}

test('a database that never opens is waited for once, not by every message', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let asked = 0
  const { outgoing } = open(() => ({ open: () => (asked++, new EventTarget()) }) as unknown as IDBFactory)
  const first = outgoing.list(1)
  t.mock.timers.tick(5_000)
  await assert.rejects(first, /did not answer/)
  await assert.rejects(outgoing.list(1), /did not answer/)
  assert.equal(asked, 1)
})
