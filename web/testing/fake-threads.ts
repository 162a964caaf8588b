import type { Client, Timeline } from '@grandchat/client'
import { emptyTimeline } from './scenes.ts'
import { createStore } from './store.ts'

/** Threads without anything in them. */
export function createFakeThreads(): Client['threads'] {
  const timelines = new Map<number, ReturnType<typeof createStore<Timeline>>>()
  return {
    timeline(_roomId, threadId) {
      const store = timelines.get(threadId) ?? createStore<Timeline>({ ...emptyTimeline, status: 'ready' })
      timelines.set(threadId, store)
      return store
    },
    open: () => () => undefined,
    loadOlder: async () => undefined,
    reload: async () => undefined,
  }
}
