import { limits } from '@grandchat/contracts/limits'
import { parseQuery, type SearchProblem } from '@grandchat/contracts/search/query'
import { MessageSearchAnswer, MessageSearchQuery } from '@grandchat/contracts/search/schema'
import type { Server, Services } from '../app.ts'
import { invalidInput } from '../errors.ts'
import { signedIn } from '../sessions/access.ts'
import { searchOrCorrect } from './correct.ts'

const problems: Record<SearchProblem, string> = {
  empty: 'asks for nothing',
  too_short: `needs a term of at least ${limits.searchTermMin} letters`,
  too_many: `has more than ${limits.searchTerms} parts`,
  not_a_date: 'before: and after: need a day as yyyy-mm-dd',
  unknown_has: 'has: knows link, code, reaction, pin and thread',
}

export function searchRoutes(app: Server, { db }: Services): void {
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
      return searchOrCorrect(db, signedIn(request).id, { query: parsed.query, before, limit })
    },
  })
}
