import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { sendError, notFound } from '../errors.ts'

const webFolder = join(import.meta.dirname, '../../web/dist')

/** The web app: hashed files for ever, the page never kept; deep links of the app get the page too. */
export async function serveWebApp(app: FastifyInstance, folder = webFolder): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.startsWith(join(folder, 'assets'))
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request.method, request.url)) return sendError(reply, notFound())
    return reply.sendFile('index.html')
  })
}

/** An address of the app, such as /rooms/5: no API, no file. */
function isPage(method: string, url: string): boolean {
  const path = url.split('?')[0] ?? ''
  const isOurs = /^\/(api|connection|emulation|health|assets)(\/|$)/.test(path)
  return (method === 'GET' || method === 'HEAD') && !isOurs && !/\.[a-z0-9]+$/i.test(path)
}
