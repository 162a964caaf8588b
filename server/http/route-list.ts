import type { FastifyInstance } from 'fastify'

export type RouteName = { method: string; url: string }

declare module 'fastify' {
  interface FastifyInstance {
    routeList: RouteName[]
  }
}

/** Keeps the names of all routes that are registered after it: tests ask of each whether it was thought of. */
export function listRoutes(app: FastifyInstance): void {
  const routes: RouteName[] = []
  app.decorate('routeList', routes)
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, url })
  })
}
