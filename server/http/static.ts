import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { notFoundHandler } from '../errors.ts'

const webFolder = join(import.meta.dirname, '../../web/dist')

/** The web app: hashed files for ever, the page never kept; deep links of the app get the page too. */
export async function serveWebApp(app: FastifyInstance, folder = webFolder): Promise<void> {
  const isBuilt = existsSync(join(folder, 'index.html'))
  app.setNotFoundHandler((request, reply) => {
    if (!isBuilt || !isPage(request.method, request.url)) return notFoundHandler(request, reply)
    return reply.sendFile('index.html')
  })
  if (!isBuilt) return
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      const isHashed = path.startsWith(join(folder, 'assets'))
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

/** An address of the app, such as /rooms/5: no API, no file, nothing that begins with a dot. */
function isPage(method: string, url: string): boolean {
  const path = url.split('?')[0] ?? ''
  const isOurs = /^\/+(api|connection|emulation|health|assets)(\/|$)/.test(path)
  const isFile = path.includes('/.') || /\.[a-z0-9]+$/i.test(path)
  return (method === 'GET' || method === 'HEAD') && path.startsWith('/') && !isOurs && !isFile
}
