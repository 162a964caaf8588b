import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { send } from './http.ts'
import { onlyOn } from './only.ts'
import { openRaw, refusedUpgrade } from './raw.ts'
import { startServer } from './server.ts'

const streams = { http_stream: { enabled: true }, sse: { enabled: true } }

const patterns = await startServer(
  { after },
  { client: { allowed_origins: ['https://chat.example.com', 'https://*.example.org'] }, ...streams },
)
const open = await startServer({ after }, { client: { allowed_origins: ['*'] }, ...streams })
const closed = await startServer({ after }, streams)

const allowed = ['https://chat.example.com', 'https://CHAT.example.com', 'https://a.b.example.org']
const foreign = [
  'https://evil.com',
  'null',
  'https://chat.example.com.evil.com',
  'https://good.evil.com',
  'http://chat.example.com',
  'https://example.org',
]

test('[CON8] pages of allowed origins, and what is no page, may open a socket', async (t) => {
  await openRaw(t, patterns)
  await openRaw(t, closed)
  for (const origin of allowed) await openRaw(t, patterns, { origin })
  for (const origin of ['https://evil.com', 'null']) await openRaw(t, open, { origin })
})

test('[CON8] pages of other origins are refused with 403 before there is a socket', async () => {
  for (const origin of foreign) assert.equal(await refusedUpgrade(patterns, { origin }), 403, origin)
  assert.equal(await refusedUpgrade(closed, { origin: closed.url }), 403, 'with no rule, every one is')
})

// Browsers ask nothing before they open server-sent events.
const preflighted = [patterns.httpStreamUrl, patterns.emulationUrl]
const preflight = { method: 'OPTIONS', headers: { 'access-control-request-headers': 'content-type,x-any' } }

test('[HTP6] a preflight is answered with 204, and tells pages of allowed origins that they may', async () => {
  for (const url of preflighted) {
    for (const origin of allowed) {
      const { status, headers } = await send(url, { ...preflight, headers: { ...preflight.headers, origin } })
      assert.equal(status, 204)
      assert.equal(headers['access-control-allow-origin'], origin)
      assert.equal(headers['access-control-allow-credentials'], 'true')
      assert.equal(headers['access-control-allow-headers'], 'content-type,x-any')
      assert.match(String(headers['access-control-allow-methods']), /POST/)
      assert.equal(headers['access-control-max-age'], '300')
    }
  }
})

test('[HTP6] pages of other origins are told nothing of the kind', async () => {
  for (const url of [...preflighted, patterns.sseUrl]) {
    for (const origin of foreign) {
      const { headers } = await send(url, { ...preflight, headers: { ...preflight.headers, origin } })
      assert.equal(headers['access-control-allow-origin'], undefined, origin)
      assert.equal(headers['access-control-allow-credentials'], undefined, origin)
    }
  }
})

test('[HTP6] the answers themselves can be read by pages of allowed origins', async () => {
  const body = JSON.stringify({ session: 'x', node: 'y', data: '{}' })
  const { headers, status } = await send(patterns.emulationUrl, { headers: { origin: allowed[0] }, body })
  assert.equal(status, 404)
  assert.equal(headers['access-control-allow-origin'], allowed[0])
  const { headers: others } = await send(patterns.emulationUrl, { headers: { origin: foreign[0] }, body })
  assert.equal(others['access-control-allow-origin'], undefined)
})

const refuses =
  'Centrifugo opens a stream for a page of any origin, which then cannot read it; the hub does not let it hold a connection.'

test('[HTP6] a stream that a page of another origin asks for is refused with 403', onlyOn('hub', refuses), async () => {
  const body = JSON.stringify({ id: 1, connect: {} })
  const headers = { origin: foreign[0] }
  assert.equal((await send(patterns.httpStreamUrl, { headers, body })).status, 403)
  const query = `?cf_connect=${encodeURIComponent(body)}`
  assert.equal((await send(patterns.sseUrl + query, { method: 'GET', headers })).status, 403)
})
