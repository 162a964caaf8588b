import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import type { Node } from '../node.ts'
import { Content } from '../protocol.ts'
import { channelToken } from './fixture.ts'
import { LoopbackClient, newNode } from './loopback.ts'
import { random } from './random.ts'

type Wire = {
  id?: number
  subscribe?: { epoch: string; offset?: number; recovered?: true; publications?: Array<{ offset: number }> }
  push?: { pub?: { offset: number; data: number }; unsubscribe?: object }
}

/** Follows one channel over many connections, as an SDK does, and checks every offset it gets. */
class Follower {
  readonly #t: TestContext
  readonly #node: Node
  readonly #token: string
  #client: LoopbackClient | undefined
  #read = 0
  #epoch = ''
  #isFirst = true
  offset = 0
  lost = 0

  constructor(t: TestContext, node: Node, token: string) {
    this.#t = t
    this.#node = node
    this.#token = token
  }

  get isConnected(): boolean {
    return this.#client !== undefined
  }

  async connect(): Promise<void> {
    const client = new LoopbackClient(this.#t, this.#node)
    await client.connect('ann')
    const recover = this.#isFirst ? {} : { recover: true, epoch: this.#epoch, offset: this.offset }
    client.receive({ id: 2, subscribe: { channel: 'room:1', token: this.#token, ...recover } })
    this.#client = client
    this.#read = 0
  }

  disconnect(): void {
    this.#client?.client.transportClosed()
    this.read()
    this.#client = undefined
  }

  /** Takes what has arrived. */
  read(): void {
    const messages = (this.#client?.messages ?? []) as Wire[]
    for (; this.#read < messages.length; this.#read++) this.#take(messages[this.#read] ?? {})
  }

  #take({ subscribe, push }: Wire): void {
    assert.equal(push?.unsubscribe, undefined, 'a position was lost in a single process')
    if (subscribe) this.#start(subscribe)
    if (push?.pub) this.#move(push.pub.offset)
  }

  #start({ epoch, offset = 0, recovered, publications = [] }: NonNullable<Wire['subscribe']>): void {
    if (recovered) for (const publication of publications) this.#move(publication.offset)
    else {
      if (!this.#isFirst) this.lost++
      this.offset = offset
    }
    this.#epoch = epoch
    this.#isFirst = false
  }

  #move(offset: number): void {
    assert.equal(offset, this.offset + 1)
    this.offset = offset
  }
}

for (let seed = 1; seed <= 20; seed++) {
  test(`[REC1] [REC7] [SUB4] [PUB9] clients that come and go miss nothing unknowingly (seed ${seed})`, async (t) => {
    const { below, pick } = random(seed)
    const node = newNode(t)
    const token = await channelToken('ann', 'room:1')
    const followers = Array.from({ length: 12 }, () => new Follower(t, node, token))
    const options = node.channelOptions('room:1')
    assert.ok(options)
    for (let step = 0; step < 200; step++) {
      const follower = pick(followers)
      const what = below(10)
      if (what < 5) for (let n = below(4); n >= 0; n--) node.publish('room:1', new Content(String(step)), options)
      else if (what < 7) await (follower.isConnected ? follower.disconnect() : follower.connect())
      else if (what === 7) await nextTurn()
      else follower.read()
    }
    for (const follower of followers) if (!follower.isConnected) await follower.connect()
    const { offset } = node.broker.history('room:1', { limit: 0 }).position
    for (const follower of followers) {
      while ((follower.read(), follower.offset < offset)) await nextTurn()
      assert.equal(follower.offset, offset)
    }
    assert.ok(
      followers.some(({ lost }) => lost > 0),
      'some were away for too long, and were told',
    )
  })
}
