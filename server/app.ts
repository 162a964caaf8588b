import fastifyCookie from '@fastify/cookie'
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { IncomingMessage, ServerResponse, Server as HttpServer } from 'node:http'
import { errorHandler } from './errors.ts'
import { addCsrfCheck } from './http/csrf.ts'
import { addSecurityHeaders, setSecurityHeaders } from './http/headers.ts'
import { healthRoutes } from './http/health.ts'
import { parseJsonBodies } from './http/json-body.ts'
import { describeApi, docsRoutes } from './http/openapi.ts'
import { listRoutes } from './http/route-list.ts'
import { addUserLimits } from './http/user-limits.ts'
import { addUserTurns, UserTurns } from './http/user-turns.ts'
import { serveWebApp } from './http/static.ts'
import { answerUnreadable } from './http/unreadable.ts'
import { avatarRoutes } from './avatars/routes.ts'
import { inviteRoutes } from './invites/routes.ts'
import { membershipRoutes } from './memberships/routes.ts'
import { countRequests } from './metrics/requests.ts'
import { mentionRoutes } from './mentions/routes.ts'
import { messageRoutes } from './messages/routes.ts'
import { ownRowRoutes } from './own-rows/routes.ts'
import { threadRoutes } from './threads/routes.ts'
import { pinRoutes } from './pins/routes.ts'
import { reactionRoutes } from './reactions/routes.ts'
import { presenceRoutes } from './presence/routes.ts'
import { receiptRoutes } from './receipts/routes.ts'
import { readMarkerRoutes } from './read-markers/routes.ts'
import { realtimeRoutes } from './realtime/routes.ts'
import { serveTransports } from './realtime/transports.ts'
import { roomRoutes } from './rooms/routes.ts'
import { searchRoutes } from './search/routes.ts'
import type { Services } from './services.ts'
import { addAccessCheck } from './sessions/access.ts'
import { deviceRoutes } from './sessions/device-routes.ts'
import { sessionRoutes } from './sessions/routes.ts'
import { setupRoutes } from './setup/routes.ts'
import { syncRoutes } from './sync/routes.ts'
import { profileRoutes } from './users/profile-routes.ts'
import { userRoutes } from './users/routes.ts'

export type { Services } from './services.ts'
export type Server = FastifyInstance<HttpServer, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

/** The slices: a new one is a folder and a line here. */
const slices = [
  healthRoutes,
  sessionRoutes,
  deviceRoutes,
  setupRoutes,
  userRoutes,
  profileRoutes,
  avatarRoutes,
  inviteRoutes,
  roomRoutes,
  membershipRoutes,
  messageRoutes,
  reactionRoutes,
  pinRoutes,
  threadRoutes,
  mentionRoutes,
  readMarkerRoutes,
  receiptRoutes,
  ownRowRoutes,
  presenceRoutes,
  realtimeRoutes,
  searchRoutes,
  syncRoutes,
  docsRoutes,
]

/** Connections that the system may hold for us: after a break everybody comes back at once. */
export const listenBacklog = 4_096

/** Bytes of a request body: a message of 5,000 code points, each escaped twice, fits. */
const bodyLimit = 128 * 1024

/** The HTTP side of one backend: hooks in order of what they save us from, then the slices, then the web app. */
export async function createApp(services: Services, webFolder?: string): Promise<Server> {
  const { config, db, csrf, realTime, logger } = services
  const loggerInstance: FastifyBaseLogger = logger
  const app: Server = fastify({
    loggerInstance,
    logController: new fastify.LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: 30_000,
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? config.TRUSTED_PROXIES : false,
    // By then all requests are answered (http/lifecycle.ts); what is left are connections that never asked anything.
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    // Before there is a route no hook runs.
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(request, reply)
      errorHandler(error, request, reply)
    },
    clientErrorHandler: answerUnreadable,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(errorHandler)
  listRoutes(app)
  serveTransports(app, realTime.hub)
  services.lifecycle.track(app)
  countRequests(app, services.metrics)
  addSecurityHeaders(app)
  parseJsonBodies(app)
  await app.register(fastifyCookie)
  await app.register(async (api) => {
    await describeApi(api)
    addCsrfCheck(api, csrf, config.PUBLIC_URL)
    addAccessCheck(api, db)
    addUserLimits(api, services.userLimits)
    addUserTurns(api, new UserTurns())
    for (const slice of slices) slice(api.withTypeProvider<ZodTypeProvider>(), services)
  })
  await serveWebApp(app, webFolder)
  return app
}
