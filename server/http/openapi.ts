import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Server } from '../app.ts'
import { docsStylesheet, renderDocs } from './docs-page.ts'

/** Collects the schemas of all routes that are registered after it. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'GrandChat',
        version: '1',
        description:
          'Ids are JSON integers, times RFC 3339 UTC with six fractional digits. Errors are {detail, code, fields?}. ' +
          'State-changing requests need the header X-CSRFToken (GET /api/csrf/) and, in browsers, our own Origin.',
      },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'session' } } },
    },
    transform: (route) => withErrors(jsonSchemaTransform(route)),
    transformObject: jsonSchemaTransformObject,
  })
}

type Transformed = ReturnType<typeof jsonSchemaTransform>

/** Every route is refused in the same form (errors.ts), so no route says it itself. */
function withErrors({ schema, url }: Transformed): Transformed {
  const response: object = schema['response'] ?? {}
  const refusal = { description: 'Refused', $ref: '#/components/schemas/Error' }
  return { schema: { ...schema, response: { ...response, '4xx': refusal } }, url }
}

/** The description itself: for programs, and as a page for people. */
export function docsRoutes(app: Server): void {
  const hidden = { hide: true }
  app.route({
    method: 'GET',
    url: '/api/openapi.json',
    config: { access: 'public' },
    schema: hidden,
    handler: async (_request, reply) =>
      reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send(app.swagger()),
  })
  app.route({
    method: 'GET',
    url: '/api/docs/',
    config: { access: 'public' },
    schema: hidden,
    handler: async (_request, reply) =>
      reply.type('text/html; charset=utf-8').serializer(String).send(renderDocs(app.swagger())),
  })
  app.route({
    method: 'GET',
    url: '/api/docs/style.css',
    config: { access: 'public' },
    schema: hidden,
    handler: async (_request, reply) => reply.type('text/css; charset=utf-8').serializer(String).send(docsStylesheet),
  })
}
