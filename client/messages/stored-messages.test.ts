import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import { createMemoryStorage } from '../storage/memory.ts'
import type { TabNews } from '../storage/tabs.ts'
import { FakeBrowser } from '../testing/fake-browser.ts'
import { ann, startFixture } from '../testing/fixture.ts'
import { type Mutant, assertFound, loadMutantQueue } from '../testing/mutants.ts'
import { createSeeded } from '../testing/seeded.ts'
import { createSendTabs } from '../testing/send-tabs.ts'
import { createVirtualTime, settle } from '../testing/virtual-time.ts'
import { createSendQueue } from './send-queue.ts'

function start(options: { hasLocks?: boolean } = {}) {
  const time = createVirtualTime()
  return { time, browser: new FakeBrowser(options), ...createSendTabs(time) }
}

test('what a closed tab could not send is sent by the next one, once and in the order of writing', async () => {
  const { browser, openIn, fate, rows, contents } = start()
  fate.of = () => 'lost'
  const first = openIn(browser)
  for (const content of ['one', 'two', 'three']) first.write(content)
  await settle()
  first.kill()
  assert.deepEqual(rows, [])
  fate.of = () => 'arrives'
  const next = openIn(browser)
  await settle()
  assert.deepEqual(contents(), ['one', 'two', 'three'])
  assert.deepEqual(next.shown(), [])
  assert.deepEqual(await browser.outgoing.list(1), [])
})

test('a message that had arrived when the browser was killed is there once, and is not shown as pending', async () => {
  const { browser, openIn, fate, contents } = start()
  fate.of = () => 'answer lost'
  const first = openIn(browser)
  first.write('once')
  await settle()
  first.kill()
  assert.deepEqual(contents(), ['once'])
  fate.of = () => 'arrives'
  const next = openIn(browser)
  await settle()
  assert.deepEqual(contents(), ['once'])
  assert.deepEqual(next.shown(), [])
})

for (const hasLocks of [true, false]) {
  const where = hasLocks ? '' : ', where there are no locks'

  test(`two tabs that write in turns without a network send everything once, each in its order${where}`, async () => {
    const { time, browser, openIn, fate, contents } = start({ hasLocks })
    fate.of = () => 'lost'
    const [a, b] = [openIn(browser), openIn(browser)]
    for (const n of [1, 2, 3]) {
      a.write(`a${n}`)
      await settle()
      b.write(`b${n}`)
      await settle()
    }
    fate.of = () => 'arrives'
    await time.pass(60_000)
    assert.deepEqual(contents().toSorted(), ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'])
    for (const tab of ['a', 'b']) {
      const own = contents().filter((content) => content.startsWith(tab))
      assert.deepEqual(own, own.toSorted())
    }
    assert.deepEqual([a.shown(), b.shown()], [[], []])
    assert.deepEqual(await browser.outgoing.list(1), [])
  })

  test(`when a tab dies, one that is in use sends what it left${where}`, async () => {
    const { browser, openIn, fate, contents } = start({ hasLocks })
    fate.of = () => 'lost'
    const [a, b] = [openIn(browser), openIn(browser)]
    a.write('left behind')
    await settle()
    a.kill()
    fate.of = () => 'arrives'
    b.queue.takeTurn()
    await settle()
    assert.deepEqual(contents(), ['left behind'])
    assert.deepEqual(b.shown(), [])
  })
}

test('what one tab writes is shown as pending in the others until it has arrived', async () => {
  const { time, browser, openIn, fate } = start()
  fate.of = () => 'lost'
  const [a, b] = [openIn(browser), openIn(browser)]
  a.write('on its way')
  await settle()
  assert.deepEqual(b.shown(), ['on its way: waiting'])
  fate.of = () => 'arrives'
  await time.pass(10_000)
  assert.deepEqual([a.shown(), b.shown()], [[], []])
})

test('each message is posted by one tab, however many are open', async () => {
  const { browser, openIn, posts } = start()
  const tabs = [openIn(browser), openIn(browser), openIn(browser)]
  await settle()
  for (const [n, tab] of [...tabs, ...tabs].entries()) {
    tab.write(`message ${n}`)
    await settle()
  }
  assert.deepEqual(posts, ['message 0', 'message 1', 'message 2', 'message 3', 'message 4', 'message 5'])
})

test('what another tab has seen arrive is handed over with its row, and no longer waits here', async () => {
  const { browser, openIn, fate, posts, seen } = start()
  fate.of = () => 'hangs'
  const [a, b] = [openIn(browser), openIn(browser)]
  const id = a.write('under way')
  await settle()
  const row = { room_id: 1, client_message_id: id, content: 'under way' } as MessageRow
  b.queue.confirm(row)
  await settle()
  assert.deepEqual([a.shown(), b.shown()], [[], []])
  assert.deepEqual(seen, [row])
  assert.deepEqual(posts, ['under way'])
})

test('a tab that has fallen asleep holds up none that is in use', async () => {
  const { browser, openIn, fate, contents } = start()
  fate.of = () => 'hangs'
  const [asleep, awake] = [openIn(browser), openIn(browser)]
  asleep.write('begun')
  await settle()
  fate.of = () => 'arrives'
  awake.write('next')
  await settle()
  assert.deepEqual(contents(), ['begun', 'next'])
  assert.deepEqual(awake.shown(), [])
})

test('a refusal is shown in every tab and after a reload, and any of them can try again or discard', async () => {
  const { browser, openIn, fate, contents, posts } = start()
  fate.of = () => 'refused'
  const first = openIn(browser)
  first.write('one')
  first.write('two')
  await settle()
  const second = openIn(browser)
  await settle()
  assert.deepEqual(second.shown(), ['one: failed', 'two: failed'])
  assert.equal(second.queue.unsent()[0]?.failure?.code, 'not_found')
  assert.equal(posts.length, 2)
  fate.of = () => 'arrives'
  second.queue.retry(1, '1')
  await settle()
  assert.deepEqual(contents(), ['one'])
  second.queue.discard(1, '2')
  await settle()
  assert.deepEqual([first.shown(), second.shown()], [[], []])
  assert.deepEqual(await browser.outgoing.list(1), [])
})

test('what one person wrote waits for them while another is signed in', async () => {
  const { browser, openIn, fate, rows } = start()
  fate.of = () => 'lost'
  const ann = openIn(browser, 1)
  ann.write('by ann')
  await settle()
  ann.kill()
  fate.of = () => 'arrives'
  const bob = openIn(browser, 2)
  await settle()
  assert.deepEqual([rows, bob.shown()], [[], []])
  bob.queue.stop()
  bob.queue.start(ann.user)
  await settle()
  assert.deepEqual(
    rows.map(({ user_id, content }) => [user_id, content]),
    [[1, 'by ann']],
  )
})

test('signing out removes what was written from this device, in every tab, and leaves what others wrote', async () => {
  const { time, browser, openIn, fate, rows } = start()
  fate.of = () => 'lost'
  const bob = openIn(browser, 2)
  bob.write('by bob')
  await settle()
  bob.kill()
  const [a, b] = [openIn(browser), openIn(browser)]
  a.write('given up')
  b.write('given up too')
  await settle()
  a.queue.forget()
  a.queue.stop()
  await settle()
  assert.deepEqual(b.shown(), [])
  assert.deepEqual(await browser.outgoing.list(1), [])
  fate.of = () => 'arrives'
  b.queue.takeTurn()
  a.queue.start(a.user)
  await time.pass(60_000)
  assert.deepEqual(rows, [])
  assert.equal((await browser.outgoing.list(2)).length, 1)
})

test('a store that fails is told of once, and everything is sent from memory', async () => {
  const { time, open, errors, fate, contents } = start()
  const refuse = () => Promise.reject(new DOMException('no room', 'QuotaExceededError'))
  const outgoing = { list: refuse, add: refuse, setFailure: refuse, remove: refuse, clear: refuse }
  const { queue, write, shown } = open({ ...createMemoryStorage(), outgoing })
  fate.of = () => 'lost'
  write('one')
  write('two')
  await settle()
  assert.deepEqual(
    queue.unsent().map(({ isKept }) => isKept),
    [false, false],
  )
  fate.of = () => 'arrives'
  await time.pass(10_000)
  assert.deepEqual([contents(), shown()], [['one', 'two'], []])
  assert.equal(errors.length, 1)
})

test('a tab without the turn sends what the store did not take by itself', async () => {
  const { browser, open, openIn, contents } = start()
  openIn(browser)
  await settle()
  const { storage } = browser.openTab()
  const add = () => Promise.reject(new Error('no room'))
  const tab = open({ ...storage, outgoing: { ...storage.outgoing, add } })
  tab.write('from memory')
  await settle()
  assert.deepEqual(contents(), ['from memory'])
  assert.deepEqual(tab.shown(), [])
})

test('what the browser deletes from under open tabs is stored again and sent', async () => {
  const { time, browser, openIn, fate, contents } = start()
  fate.of = () => 'lost'
  const [a, b] = [openIn(browser), openIn(browser)]
  a.write('one')
  b.write('two')
  await settle()
  await browser.outgoing.clear(1)
  for (const look of [1, 2]) {
    await time.pass(look * 10_000)
    a.queue.takeTurn()
    await settle()
  }
  assert.equal((await browser.outgoing.list(1)).length, 2)
  fate.of = () => 'arrives'
  await time.pass(60_000)
  assert.deepEqual(contents().toSorted(), ['one', 'two'])
  assert.deepEqual([a.shown(), b.shown()], [[], []])
})

test('in 500 runs of tabs that open, write, die and lose the network, all is sent once and in order', async () => {
  for (let seed = 1; seed <= 500; seed++) assert.deepEqual(await runTabs(createSendQueue, seed), [], `seed ${seed}`)
})

/** Bugs that the runs must find, or they would prove nothing. */
const planted: Record<string, Mutant> = {
  'a message is let go of before it has arrived': {
    file: 'messages/send-queue.ts',
    from: 'onState: (item) => changed(item.message.room_id),',
    to: 'onState: (item) => (changed(item.message.room_id), void storage.outgoing.remove(idOf(item))),',
  },
  'what was read before a message was sent is believed afterwards': {
    file: 'messages/send-queue.ts',
    from: 'if (!decided.has(id)) merge(message, known.get(id))',
    to: 'merge(message, known.get(id))',
  },
  'a tab does not wait for what another has to send first': {
    file: 'messages/line.ts',
    from: "({ message, state }) => state !== 'failed' && message.user_id === authorId",
    to: "({ message, state, kept }) => state !== 'failed' && message.user_id === authorId && (hasTurn || kept !== 'store')",
  },
  'a tab hears nothing of what another has sent': {
    file: 'messages/send-queue.ts',
    from: "if (item && (sent || seen || item.state !== 'sending')) drop(item)\n      void sender.work(lineOf(room_id))",
    to: '',
  },
  'what comes later in the store is sent first': {
    file: 'messages/send-queue.ts',
    from: '(placeOf(a) ?? places.size) - (placeOf(b) ?? places.size)',
    to: '(placeOf(b) ?? -1) - (placeOf(a) ?? -1)',
  },
}

describe('these runs find a queue in which', () => {
  for (const [bug, mutant] of Object.entries(planted)) {
    test(bug, async () => {
      const createQueue = await loadMutantQueue([mutant])
      await assertFound((seed) => runTabs(createQueue, seed), 500)
    })
  }
})

/** What is wrong after a while with a bad network, and one without. */
async function runTabs(createQueue: typeof createSendQueue, seed: number): Promise<string[]> {
  const { random, below, chance, pick } = createSeeded(seed)
  const time = createVirtualTime()
  const pause = () => new Promise<void>((resolve) => time.after(below(20), resolve))
  const browser = new FakeBrowser({ hasLocks: chance(0.7), pause })
  const { open, fate, rows } = createSendTabs(time, random, createQueue)
  const badFates = ['arrives', 'lost', 'answer lost'] as const
  fate.of = () => pick(badFates)
  let tabs: ReturnType<typeof openTab>[] = []
  const written: { tab: number; id: string }[] = []
  const lost = new Set<string>()
  let opened = 0

  function openTab() {
    const { storage, kill } = browser.openTab()
    const { outgoing } = storage
    // Now and then there is no room.
    const add: typeof outgoing.add = (message) =>
      chance(0.05) ? Promise.reject(new Error('full')) : outgoing.add(message)
    return { number: ++opened, ...open({ ...storage, outgoing: { ...outgoing, add } }, kill) }
  }

  for (let steps = 10 + below(40); steps > 0; steps--) {
    const kind = below(10)
    if (tabs.length === 0 || (kind === 0 && tabs.length < 4)) tabs.push(openTab())
    else if (kind < 6) {
      const tab = pick(tabs)
      written.push({ tab: tab.number, id: tab.write(`message ${written.length}`) })
      if (chance(0.5)) await settle()
    } else if (kind < 7) pick(tabs).queue.takeTurn()
    else if (kind < 8) {
      const dead = pick(tabs)
      // What it alone had dies with it.
      for (const one of dead.queue.unsent()) if (!one.isKept) lost.add(one.client_message_id)
      dead.kill()
      tabs = tabs.filter((tab) => tab !== dead)
    } else await time.pass(below(3_000))
  }
  fate.of = () => 'arrives'
  const last = openTab()
  // As after every look at the server.
  for (let looks = 0; looks < 4; looks++) {
    for (const tab of [...tabs, last]) tab.queue.wake()
    await time.pass(20_000)
  }
  const arrived = rows.map((row) => row.client_message_id)
  const wrong = written.filter(({ id }) => !arrived.includes(id) && !lost.has(id)).map(({ id }) => `${id} is lost`)
  for (let tab = 1; tab <= opened; tab++) {
    const places = written
      .filter((one) => one.tab === tab)
      .map(({ id }) => arrived.indexOf(id))
      .filter((place) => place >= 0)
    if (places.some((place, n) => place < (places[n - 1] ?? -1))) wrong.push(`tab ${tab} is out of order`)
  }
  for (const tab of [...tabs, last]) wrong.push(...tab.shown())
  return [...wrong, ...(await browser.outgoing.list(1)).map((row) => `${row.content} is kept`)]
}

test('a message that another tab hears of first is on screen here all the time, with nothing heard by this one', async () => {
  const browser = new FakeBrowser()
  const { client, model, hold, withhold, timeline } = await startFixture({
    options: { storage: browser.openTab().storage },
  })
  client.messages.open(1)
  await settle()
  hold()
  const id = client.messages.send(1, 'waits here')
  await settle()
  const shown = () => [...timeline().messages, ...timeline().pending].map(({ content }) => content)
  const screens: string[][] = []
  client.messages.timeline(1).subscribe(() => screens.push(shown()))
  let row: MessageRow | undefined
  withhold(() => (row = model.send(ann, 1, 'waits here', id)))
  const other = browser.openTab().storage.tabs.join<TabNews>(ann, { onTurn() {}, onNews() {} }, 'queue')
  other.tell({ type: 'removed', room_id: 1, client_message_id: id, seen: row! })
  await settle()
  assert.deepEqual(timeline().pending, [])
  assert.ok(screens.length > 0)
  for (const screen of screens) assert.deepEqual([...new Set(screen)], ['waits here'])
})
