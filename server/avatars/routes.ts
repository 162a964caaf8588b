import { limits } from '@grandchat/contracts/limits'
import { AvatarInPath, Profiles } from '@grandchat/contracts/users/profile'
import { z } from 'zod'
import type { Server, Services } from '../app.ts'
import { AppError, notFound } from '../errors.ts'
import { signedIn } from '../sessions/access.ts'
import { removeAvatar, setAvatar } from './change.ts'

/** What it is called does not matter: its first bytes say what it is. */
const mediaTypes = ['image/png', 'image/jpeg', 'image/webp']

export function avatarRoutes(app: Server, services: Services): void {
  const { db } = services

  void app.register(async (scope: Server) => {
    // Bytes are read here and nowhere else.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(mediaTypes, { parseAs: 'buffer', bodyLimit: limits.avatarBytes }, (_, body, done) =>
      done(null, body),
    )
    scope.route({
      method: 'PUT',
      url: '/api/me/avatar/',
      config: { access: 'user' },
      bodyLimit: limits.avatarBytes,
      schema: {
        tags: ['users'],
        summary: 'Show this picture: the bytes of a still PNG, JPEG or WebP of at most 256 kB and 1,024 pixels',
        response: { 200: Profiles },
      },
      handler: (request) => {
        if (!Buffer.isBuffer(request.body)) throw new AppError(400, 'invalid_input', 'there is no picture')
        return setAvatar(services, signedIn(request).id, request.body)
      },
    })
  })

  app.route({
    method: 'DELETE',
    url: '/api/me/avatar/',
    config: { access: 'user' },
    schema: { tags: ['users'], summary: 'Show no picture', response: { 200: Profiles } },
    handler: (request) => removeAvatar(services, signedIn(request).id),
  })

  app.route({
    method: 'GET',
    url: '/api/avatars/:user_id/:version',
    config: { access: 'user' },
    schema: {
      tags: ['users'],
      summary: "A person's picture, as `avatar` names it. What has the name of another version is never shown again",
      params: AvatarInPath,
      response: { 200: z.unknown() },
    },
    handler: async (request, reply) => {
      const { user_id, version } = request.params
      const avatar = await db
        .selectFrom('avatars')
        .select(['media_type', 'bytes'])
        .where('user_id', '=', user_id)
        .where('version', '=', version)
        .executeTakeFirst()
      if (!avatar) throw notFound()
      return reply
        .headers({
          'content-type': avatar.media_type,
          'content-disposition': 'inline',
          // Of this browser's person alone: who has no session gets none from a cache in between.
          'cache-control': 'private, max-age=31536000, immutable',
          'content-security-policy': "default-src 'none'; sandbox",
        })
        .send(avatar.bytes)
    },
  })
}
