import type { MessageRow } from '@grandchat/contracts/messages/schema'
import { RequestError } from '../rest/request.ts'
import { createEnvironment } from '../environment.ts'
import { createSendQueue } from '../messages/send-queue.ts'
import { createAttempt } from '../storage/attempt.ts'
import type { ClientStorage, OutgoingMessage } from '../storage/storage.ts'
import type { FakeBrowser } from './fake-browser.ts'
import type { VirtualTime } from './virtual-time.ts'

type Outcome = 'arrives' | 'lost' | 'answer lost' | 'refused' | 'hangs'

/** A server that knows messages by their key, and tabs that send to it through send queues. */
export function createSendTabs(time: VirtualTime, random: () => number = () => 0.5, createQueue = createSendQueue) {
  /** As they stand in the rooms. */
  const rows: OutgoingMessage[] = []
  const posts: string[] = []
  /** What tabs were told by others to have arrived. */
  const seen: MessageRow[] = []
  const errors: unknown[] = []
  let uuids = 0
  /** What becomes of a post. */
  const fate = { of: (_message: OutgoingMessage): Outcome => 'arrives' }

  function receive(message: OutgoingMessage) {
    if (!rows.some((row) => row.client_message_id === message.client_message_id)) rows.push(message)
  }

  function open(storage: ClientStorage, kill: () => void = () => {}, userId = 1) {
    let isDead = false
    const environment = createEnvironment({
      ...time,
      after: (ms, run) => time.after(ms, () => !isDead && run()),
      random,
      uuid: () => `${++uuids}`,
      report: (error) => errors.push(error),
    })
    const queue = createQueue({
      environment,
      did: createAttempt(environment.report),
      storage,
      async post(message) {
        posts.push(message.content)
        const outcome = fate.of(message)
        if (outcome === 'arrives' || outcome === 'answer lost') receive(message)
        if (outcome === 'hangs') await new Promise(() => {})
        // A dead tab hears of nothing.
        await Promise.resolve()
        if (isDead) await new Promise(() => {})
        if (outcome === 'refused') throw new RequestError(404, { detail: 'not a member', code: 'not_found' })
        if (outcome !== 'arrives') throw new RequestError(0, {})
        return message as never
      },
      onSent() {},
      onSeen: (row) => seen.push(row),
      onChange() {},
      onForgotten() {},
    })
    const user = { id: userId, username: `user${userId}`, display_name: null }
    queue.start(user)
    return {
      queue,
      user,
      write: (content: string, roomId = 1) => queue.send(roomId, content),
      shown: () => queue.unsent().map(({ content, state }) => `${content}: ${state}`),
      kill() {
        isDead = true
        kill()
      },
    }
  }

  return {
    rows,
    posts,
    seen,
    errors,
    fate,
    open,
    openIn: (browser: FakeBrowser, userId = 1) => {
      const { storage, kill } = browser.openTab()
      return open(storage, kill, userId)
    },
    contents: () => rows.map(({ content }) => content),
  }
}
