import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { Centrifuge } from 'centrifuge'
import { WebSocket } from 'ws'
import { connectionToken, next, secret } from '../test/fixture.ts'

const program = join(import.meta.dirname, 'main.ts')

type Run = { child: ChildProcess; lines: string[]; output: () => string; ended: Promise<number | null> }

/** The program in a folder of its own that contains the given files. */
async function run(
  t: TestContext,
  args: string[],
  { files = {}, env = {} }: { files?: Record<string, unknown>; env?: Record<string, string> } = {},
): Promise<Run> {
  const cwd = await mkdtemp(join(tmpdir(), 'hub-'))
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const child = spawn(process.execPath, [program, ...args], { cwd, env })
  const lines: string[] = []
  createInterface(child.stderr).on('line', (line) => lines.push(line))
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  t.after(async () => {
    child.kill('SIGKILL')
    await ended
    await rm(cwd, { recursive: true })
  })
  return { child, lines, output: () => out, ended }
}

type Log = { level: string; time: string; message: string; port?: number }

/** The first line of the log with that message. */
async function logged({ child, lines, ended }: Run, message: string): Promise<Log> {
  for (;;) {
    const found = lines.find((line) => line.includes(message))
    if (found) return JSON.parse(found) as Log
    assert.ok(child.exitCode === null && child.signalCode === null, `it ended: ${lines.join('\n')}`)
    await Promise.race([once(child.stderr!, 'data'), ended])
    await new Promise(setImmediate)
  }
}

const listening = async (hub: Run) => (await logged(hub, 'The hub is listening.')).port!

/** A hub on loopback, with what the tests need. */
const config = {
  http_server: { address: '127.0.0.1', port: 0 },
  client: { token: { hmac_secret_key: secret } },
  http_api: { insecure: true },
}

async function refused(t: TestContext, args: string[], files: Record<string, unknown>, sentence: string | RegExp) {
  const hub = await run(t, args, { files })
  assert.equal(await hub.ended, 1)
  if (typeof sentence === 'string') assert.deepEqual(hub.lines, [sentence])
  else assert.match(hub.lines.join('\n'), sentence)
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`[CFG10] ${signal} tells clients to reconnect and ends the program`, async (t) => {
    const hub = await run(t, [], { files: { 'config.json': config } })
    const port = await listening(hub)
    const token = await connectionToken('ann')
    const sdk = new Centrifuge(`ws://127.0.0.1:${port}/connection/websocket`, { websocket: WebSocket, token })
    t.after(() => sdk.disconnect())
    sdk.connect()
    await sdk.ready(5000)
    const told = next<{ code: number }>(sdk, 'connecting')
    hub.child.kill(signal)
    assert.equal((await told).code, 3001)
    assert.equal(await hub.ended, 0)
  })
}

test('[CFG10] a second signal ends the program at once', async (t) => {
  const hub = await run(t, [], { files: { 'config.json': config } })
  const socket = connect(await listening(hub), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  const taken = once(socket, 'data')
  socket.write('POST /api/info HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n')
  await taken
  hub.child.kill('SIGTERM')
  await logged(hub, 'The hub is shutting down.')
  assert.equal(hub.child.exitCode, null)
  hub.child.kill('SIGTERM')
  assert.equal(await hub.ended, 1)
})

test('[CFG10] a hang-up does not end the program', async (t) => {
  const hub = await run(t, [], { files: { 'config.json': config } })
  const port = await listening(hub)
  hub.child.kill('SIGHUP')
  await logged(hub, 'A changed configuration is read at the next start.')
  assert.equal((await fetch(`http://127.0.0.1:${port}/api/info`, { method: 'POST', body: '{}' })).status, 200)
})

test('[CFG11] a taken port is one sentence', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const sentence = `The hub cannot listen on port ${port} of 127.0.0.1: another program does.`
  const files = { 'config.json': { log: { level: 'error' } } }
  await refused(t, ['--port', String(port), '--address', '127.0.0.1'], files, sentence)
})

test('[CFG11] a file that is missing, no JSON or another format is one sentence, without its secrets', async (t) => {
  await refused(t, ['-c', 'hub.json'], {}, 'There is no file hub.json.')
  await refused(
    t,
    [],
    { 'config.json': '{\n"a": "hush"\n"b" }' },
    'config.json is not valid JSON: see line 3, column 1.',
  )
  await refused(t, [], { 'config.json': '{"secret": hush}' }, 'config.json is not valid JSON.')
  await refused(t, ['-c', 'a.yaml'], { 'a.yaml': 'a: 1' }, 'a.yaml is not JSON, and this hub reads nothing else.')
  await refused(t, ['--nonsense'], {}, 'There is no flag --nonsense.')
})

test('[CFG11] a wrong configuration is a list of all its mistakes', async (t) => {
  const files = { 'config.json': { engine: { type: 'redis' }, client: { channel_limit: 'x' } } }
  const hub = await run(t, [], { files })
  assert.equal(await hub.ended, 1)
  assert.deepEqual(hub.lines, [
    'The configuration is wrong.',
    '- client.channel_limit must be a whole number from 0 on, not "x".',
    '- engine.type is not supported: this hub keeps everything in memory; use Centrifugo.',
  ])
})

test('[CFG3] with --strict, keys without effect are mistakes, and without it warnings', async (t) => {
  const files = { 'config.json': { ...config, admin: { enabled: true }, grpc_api: { enabled: true } } }
  const strict = await run(t, ['--strict'], { files })
  assert.equal(await strict.ended, 1)
  assert.deepEqual(strict.lines.slice(1), [
    '- admin is not supported and is ignored.',
    '- grpc_api is not supported and is ignored.',
  ])
  const hub = await run(t, [], { files })
  await listening(hub)
  assert.equal((await logged(hub, 'admin is not supported')).level, 'warn')
  await logged(hub, 'http_api.insecure is on')
})

test('[CFG2] --check names mistakes and warnings and starts nothing', async (t) => {
  const good = await run(t, ['--check'], { files: { 'config.json': { ...config, admin: { enabled: true } } } })
  assert.equal(await good.ended, 0)
  assert.equal(good.output(), 'Warning: admin is not supported and is ignored.\nThe configuration is good.\n')
  const wrong = await run(t, ['checkconfig', '--config=hub.json'], { files: { 'hub.json': { log: 'x' } } })
  assert.equal(await wrong.ended, 1)
  assert.deepEqual(wrong.lines, ['The configuration is wrong.', '- log must be an object.'])
})

test('[CFG6] without a file the environment, a file .env and flags are enough', async (t) => {
  const hub = await run(t, ['--http_server.address=127.0.0.1', '-p', '0', '--health.enabled'], {
    files: { '.env': 'CENTRIFUGO_HTTP_API_KEY=from the file\nCENTRIFUGO_CLIENT_INSECURE=false\n' },
    env: { CENTRIFUGO_CLIENT_INSECURE: 'true' },
  })
  const port = await listening(hub)
  await logged(hub, 'There is no config.json; the hub runs with flags and environment alone.')
  await logged(hub, 'client.insecure is on')
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200)
  const headers = { 'X-API-Key': 'from the file' }
  assert.equal((await fetch(`http://127.0.0.1:${port}/api/info`, { method: 'POST', headers, body: '{}' })).status, 200)
})

test('[CFG12] the log is one JSON object a line and shows no token and no key', async (t) => {
  const files = { 'config.json': { ...config, http_api: { key: 'hush' }, sse: { enabled: true } } }
  const hub = await run(t, ['--log.level', 'debug'], { files })
  const port = await listening(hub)
  const token = await connectionToken('ann')
  const frame = encodeURIComponent(JSON.stringify({ id: 1, connect: { token } }))
  const stream = await fetch(`http://127.0.0.1:${port}/connection/sse?cf_connect=${frame}`)
  assert.equal(stream.status, 200)
  await fetch(`http://127.0.0.1:${port}/api/info?api_key=hush`, { method: 'POST', body: '{}' })
  await logged(hub, '/api/info')
  hub.child.kill('SIGTERM')
  await stream.text()
  await hub.ended
  for (const line of hub.lines) assert.equal(typeof (JSON.parse(line) as Log).message, 'string')
  assert.ok(hub.lines.some((line) => line.includes('/connection/sse')))
  const text = hub.lines.join('\n')
  for (const word of [token, token.split('.')[2]!, 'hush', secret]) assert.ok(!text.includes(word))
})

test('--help and --version say what they are asked', async (t) => {
  const help = await run(t, ['--help'])
  assert.equal(await help.ended, 0)
  assert.match(help.output(), /--config, -c FILE/)
  const version = await run(t, ['version'])
  assert.equal(await version.ended, 0)
  assert.match(version.output(), /^\d+\.\d+\.\d+\n$/)
})

test('[SUB10] an expression for names that would backtrack without end does not hold up the program', async (t) => {
  const namespace = { name: 'named', channel_regex: '^([a-z]+-?)+$', allow_subscribe_for_client: true }
  const hub = await run(t, [], { files: { 'config.json': { ...config, channel: { namespaces: [namespace] } } } })
  const sdk = new Centrifuge(`ws://127.0.0.1:${await listening(hub)}/connection/websocket`, {
    websocket: WebSocket,
    token: await connectionToken('ann'),
  })
  t.after(() => sdk.disconnect())
  sdk.connect()
  const [good, bad] = ['good-name', `${'a'.repeat(200)}!`].map((name) => sdk.newSubscription(`named:${name}`))
  const refused = next<{ code: number }>(bad!, 'unsubscribed')
  bad!.subscribe()
  good!.subscribe()
  assert.equal((await refused).code, 107)
  await good!.ready(5000)
})
