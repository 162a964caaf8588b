import type { Client } from '@grandchat/client'
import { fold } from '@grandchat/contracts/search/fold'
import { matchesTerms, parseQuery } from '@grandchat/contracts/search/query'
import type { FoundMessage } from '@grandchat/contracts/search/schema'
import { makeSnippet } from '@grandchat/contracts/search/snippet'
import type { FakeRoom } from './fake-room.ts'
import { FakeRequestError } from './scenes.ts'

type Setup = { rooms: () => Iterable<FakeRoom>; scene: string; pause: () => Promise<void> }

const pageRows = 20

/** Searching the made-up rooms; `teh` is corrected, or `the` offered beside; some scenes fail or run out of time. */
export function createFakeSearch({ rooms, scene, pause }: Setup): Client['search'] {
  function find(q: string): FoundMessage[] {
    const parsed = parseQuery(q)
    if ('problem' in parsed) return []
    const { terms, from, in: names } = parsed.query
    return [...rooms()]
      .flatMap((room) => room.view.get() ?? [])
      .filter((view) => names.length === 0 || names.some((name) => fold(view.title).startsWith(fold(name))))
      .flatMap((view) => {
        const { id, version, bumped_at } = view
        const { history } = [...rooms()].find((room) => room.id === id) ?? { history: [] }
        return history
          .filter(({ kind, content, user }) => {
            const isAuthor = from.length === 0 || from.some((name) => name === 'me' || user.username === name)
            return kind === 'user' && isAuthor && matchesTerms(fold(content), terms)
          })
          .map((row) => ({
            room_id: id,
            message: { ...row, room: { id, version, bumped_at } },
            snippet: makeSnippet(row.content, terms),
          }))
      })
      .toSorted((a, b) => (a.message.created_at < b.message.created_at ? 1 : -1))
  }

  return {
    async messages(q, { before, signal } = {}) {
      await pause()
      signal?.throwIfAborted()
      if (scene === 'search_error' || scene === 'offline') throw new FakeRequestError('network')
      const found = find(q)
      const corrected = found.length === 0 && /\bteh\b/.test(q) ? q.replace('teh', 'the') : undefined
      const all = corrected === undefined ? found : find(corrected)
      const start = before === undefined ? 0 : all.findIndex(({ message }) => message.id === before) + 1
      const results = all.slice(start, start + pageRows)
      return {
        results,
        more: all.length > start + pageRows,
        ...(corrected !== undefined && results.length > 0 && { corrected }),
        ...(found.length > 0 && q === 'teh' && { suggestion: { q: 'the', results: find('the').slice(0, 2) } }),
        ...(scene === 'search_partial' && { partial: true }),
      }
    },
    local: async (q) => find(q).slice(0, 2),
  }
}
