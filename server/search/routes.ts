import { limits } from '@grandchat/contracts/limits'
import { parseQuery, type SearchProblem } from '@grandchat/contracts/search/query'
import { MessageSearchAnswer, MessageSearchQuery } from '@grandchat/contracts/search/schema'
import type { Server, Services } from '../app.ts'
import { invalidInput } from '../errors.ts'
import { UserTurns } from '../http/user-turns.ts'
import { signedIn } from '../sessions/access.ts'
import { searchOrCorrect } from './correct.ts'

const problems: Record<SearchProblem, string> = {
  empty: 'asks for nothing',
  too_short: `needs a term of at least ${limits.searchTermMin} letters`,
  too_many: `has more than ${limits.searchTerms} parts`,
  not_a_date: 'before: and after: need a day as yyyy-mm-dd',
  unknown_has: 'has: knows link, code, reaction, pin and thread',
}

/** Each may take a second and more, in which it has a connection: the others are left for everything else. */
const atOnce = 4
const everybody = 0

export function searchRoutes(app: Server, { db }: Services): void {
  const turns = new UserTurns(atOnce)

  app.route({
    method: 'GET',
    url: '/api/search/messages/',
    config: { access: 'user' },
    schema: {
      tags: ['search'],
      summary:
        'Messages in the rooms that the caller is in, newest first, with from: in: before: after: has: "…" and -…',
      querystring: MessageSearchQuery,
      response: { 200: MessageSearchAnswer },
    },
    handler: async (request) => {
      const { q, before, limit = 20 } = request.query
      const parsed = parseQuery(q)
      if ('problem' in parsed) throw invalidInput({ q: problems[parsed.problem] })
      const end = await turns.take(everybody)
      try {
        return await searchOrCorrect(db, signedIn(request).id, { query: parsed.query, before, limit })
      } finally {
        end()
      }
    },
  })
}
