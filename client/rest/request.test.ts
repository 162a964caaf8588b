import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEnvironment, randomUuid } from '../environment.ts'
import { createVirtualTime, settle } from '../testing/virtual-time.ts'
import { createRequest } from './request.ts'

type Handler = (method: string, path: string, headers: Headers) => Response | Promise<Response>

function start(handler: Handler) {
  const time = createVirtualTime()
  const calls: string[] = []
  let signedOut = 0
  let tokens = 0
  const environment = createEnvironment({
    ...time,
    fetch: async (input, init = {}) => {
      const path = (input as string).replace('http://server', '')
      const method = init.method ?? 'GET'
      calls.push(`${method} ${path}`)
      if (path === '/api/csrf/') return new Response('{}', { headers: { 'X-CSRFToken': `token ${++tokens}` } })
      const answer = Promise.resolve(handler(method, path, new Headers(init.headers)))
      const cut = new Promise<never>((_, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      })
      return Promise.race([answer, cut])
    },
  })
  const request = createRequest({ environment, baseUrl: 'http://server', onSignedOut: () => signedOut++ })
  return { request, calls, time, signedOut: () => signedOut }
}

const refusal = (status: number, code: string, headers = {}) =>
  Response.json({ detail: `it is ${code}`, code, fields: { name: 'is taken' } }, { status, headers })

test('requests that change something carry a token, fetched once for all', async () => {
  const seen: (string | null)[] = []
  const { request, calls } = start((_, __, headers) => {
    seen.push(headers.get('X-CSRFToken'))
    return Response.json({})
  })
  await Promise.all([request('POST', '/a/', { body: {} }), request('PUT', '/b/', { body: {} }), request('GET', '/c/')])
  assert.deepEqual(new Set(seen), new Set([null, 'token 1']))
  assert.equal(calls.filter((call) => call === 'GET /api/csrf/').length, 1)
})

test('a token that is refused is fetched anew, and the request made again', async () => {
  const { request } = start((_, __, headers) =>
    headers.get('X-CSRFToken') === 'token 1' ? refusal(403, 'csrf_failed') : Response.json({ ok: true }),
  )
  assert.deepEqual(await request('POST', '/a/', { body: {} }), { ok: true })
})

test('a refusal says everything that the server said', async () => {
  const { request } = start(() => refusal(429, 'rate_limited', { 'Retry-After': '7' }))
  await assert.rejects(request('GET', '/a/'), {
    name: 'RequestError',
    status: 429,
    code: 'rate_limited',
    detail: 'it is rate_limited',
    fields: { name: 'is taken' },
    retryAfterSeconds: 7,
  })
})

test('no answer, and half an answer, are network errors', async () => {
  const { request } = start((_, path) => {
    if (path === '/cut/') return new Response('{"half":')
    throw new TypeError('connection refused')
  })
  await assert.rejects(request('GET', '/a/'), { status: 0, code: 'network', detail: 'connection refused' })
  await assert.rejects(request('GET', '/cut/'), { status: 0, code: 'network' })
})

test('an answer that does not come in time counts as lost', async () => {
  const { request, time } = start(() => new Promise(() => {}))
  const answer = assert.rejects(request('GET', '/a/'), { status: 0, code: 'network' })
  await time.pass(60_000)
  await answer
})

test('whoever gives up a request gets their own reason', async () => {
  const { request } = start(() => new Promise(() => {}))
  const controller = new AbortController()
  const answer = assert.rejects(request('GET', '/a/', { signal: controller.signal }), { name: 'AbortError' })
  await settle()
  controller.abort()
  await answer
})

test('an answer that there is no session is passed on', async () => {
  const { request, signedOut } = start((_, path) => refusal(path === '/token/' ? 401 : 403, 'sign_in_required'))
  await assert.rejects(request('GET', '/token/'))
  await assert.rejects(request('GET', '/other/'))
  assert.equal(signedOut(), 2)
})

test('an empty answer is undefined', async () => {
  const { request } = start(() => new Response(null, { status: 204 }))
  assert.equal(await request('GET', '/a/', { query: { d: 'x y', none: undefined } }), undefined)
})

test('message keys are version 4 UUIDs, where the page is no secure context too', () => {
  const uuids = new Set(Array.from({ length: 100 }, () => randomUuid()))
  assert.equal(uuids.size, 100)
  for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
