import type { Draft } from '@grandchat/contracts/own-rows/kinds'
import { limits } from '@grandchat/contracts/limits'
import { countCodePoints } from '@grandchat/contracts/text'
import type { Client, DraftView } from '../client.ts'
import type { Environment } from '../environment.ts'
import { type Observable, derive } from '../observable.ts'
import { createTimer } from '../timer.ts'
import { timeOf } from './moments.ts'
import type { Keep, OwnRows } from './own-rows.ts'

/** Between what is typed and what other devices are told of it. */
const gatherMs = 1_000

export type DraftsSetup = { environment: Environment; ownRows: OwnRows; keep: Keep }

/** What is being written in rooms and threads: known here at once, elsewhere after a moment; the last writer wins. */
export function createDrafts({ environment, ownRows, keep }: DraftsSetup) {
  const rows = ownRows.of('draft')
  const texts = new Map<string, Observable<string>>()
  /** Typed and not passed on yet. */
  const typed = new Map<string, string>()
  const timer = createTimer(environment, flush)

  function flush() {
    timer.cancel()
    for (const [key, content] of Array.from(typed)) pass(key, content)
  }

  function pass(key: string, content: string) {
    // What the server cannot keep stays here.
    if (!canKeep(content)) return
    typed.delete(key)
    const known = rows.get().get(key)
    if (content === (known?.content ?? '')) return
    keep({ kind: 'draft', key, value: content === '' ? null : { content, updated_at: timeOf(environment.now()) } })
  }

  const methods: Client['drafts'] = {
    list: derive(rows, (drafts) => [...drafts].map(toView).sort(byTime)),
    get(roomId, threadId) {
      const key = keyOf(roomId, threadId)
      const known = texts.get(key)
      if (known) return known
      const text = derive(rows, (drafts) => drafts.get(key)?.content ?? '')
      const made = { ...text, get: () => typed.get(key) ?? text.get() }
      texts.set(key, made)
      return made
    },
    set(roomId, content, threadId) {
      const key = keyOf(roomId, threadId)
      typed.set(key, content)
      // Sent or thrown away: it must not stand on another device beside the message.
      if (content === '') pass(key, content)
      else timer.soon(gatherMs)
    },
  }
  return {
    methods,
    /** The page may be about to go. */
    flush,
    stop() {
      timer.cancel()
      typed.clear()
    },
  }
}

function canKeep(content: string): boolean {
  return content.isWellFormed() && !content.includes('\0') && countCodePoints(content) <= limits.draft
}

function keyOf(roomId: number, threadId: number | undefined): string {
  return threadId === undefined ? `${roomId}` : `${roomId}.${threadId}`
}

function toView([key, draft]: [string, Draft]): DraftView {
  const [room_id, thread_id] = key.split('.').map(Number)
  return { ...draft, room_id: room_id!, thread_id: thread_id ?? null }
}

const byTime = (a: DraftView, b: DraftView) => (a.updated_at < b.updated_at ? 1 : -1)
