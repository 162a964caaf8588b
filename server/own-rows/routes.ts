import { NewOwnRow, OwnRow, OwnRowInPath } from '@grandchat/contracts/own-rows/schema'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { checkOwnKey, checkOwnRow } from './check.ts'
import { putOwnRow, removeOwnRow } from './put.ts'

export function ownRowRoutes(app: Server, { db, announcer, scheduledSends }: Services): void {
  app.route({
    method: 'PUT',
    url: '/api/own/:kind/:key/',
    config: { access: 'user' },
    schema: {
      tags: ['own rows'],
      summary: "Write a piece of the caller's private state: a draft, something saved, a setting",
      params: OwnRowInPath,
      body: NewOwnRow,
      response: { 200: OwnRow },
    },
    handler: async (request) => {
      const { kind, key } = request.params
      const value = checkOwnRow(kind, key, request.body.value)
      const row = await putOwnRow(db, announcer, signedIn(request).id, kind, key, value)
      if (kind === 'scheduled') scheduledSends.wake()
      return row
    },
  })

  app.route({
    method: 'DELETE',
    url: '/api/own/:kind/:key/',
    config: { access: 'user' },
    schema: {
      tags: ['own rows'],
      summary: "Take a piece of the caller's private state away",
      params: OwnRowInPath,
      response: { 200: OwnRow },
    },
    handler: async (request) => {
      const { kind, key } = request.params
      checkOwnKey(kind, key)
      return removeOwnRow(db, announcer, signedIn(request).id, kind, key)
    },
  })
}
