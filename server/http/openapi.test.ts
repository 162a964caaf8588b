import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../testing/server.ts'

type Document = {
  openapi: string
  paths: Record<string, Record<string, unknown>>
  components: { schemas: Record<string, unknown> }
}

let server: TestServer
let document: Document
before(async () => {
  server = await startTestServer()
  document = await server.visitor().get<Document>('/api/openapi.json')
})
after(() => server.stop())

/** Every `$ref` below a value. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) =>
    key === '$ref' && typeof child === 'string' ? [child] : refsIn(child),
  )
}

test('the description is OpenAPI 3.1 and all its references lead somewhere', () => {
  assert.match(document.openapi, /^3\.1\./)
  const known = new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`))
  const refs = refsIn(document)
  assert.ok(refs.length > 20)
  assert.deepEqual(
    refs.filter((ref) => !known.has(ref)),
    [],
  )
})

test('every route of the API is described, with a summary and its answers', () => {
  const documented = new Set(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  )
  const routes = server.app.routeList
    .filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/') && !/^\/api\/(docs|openapi)/.test(url))
    .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
  assert.ok(routes.length > 15)
  assert.deepEqual(
    routes.filter((route) => !documented.has(route)),
    [],
  )
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item) as { summary?: string; responses?: object }[]) {
      assert.ok(operation.summary)
      assert.ok('4XX' in (operation.responses ?? {}), 'how it is refused')
    }
  }
})

test('the page for people names every path and shape, and every link on it leads somewhere', async () => {
  const page = await server.visitor().get<string>('/api/docs/')
  for (const path of Object.keys(document.paths)) assert.ok(page.includes(`<code>${path}</code>`), path)
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.has(id), id)
  assert.doesNotMatch(page, /<script|style=| on\w+=/)
})
