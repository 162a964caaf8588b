import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ask, positionOf, publish } from '../api.ts'
import { connectRaw } from '../raw.ts'
import { hubProgram, startServer } from '../server.ts'
import { freePort } from './ports.ts'
import { startProcess } from './process.ts'

const config = { channel: { namespaces: [{ name: 'room', history_size: 5, history_ttl: '60s' }] } }

/** A program that does what the script says. */
async function programOf(t: TestContext, script: string) {
  const folder = await mkdtemp(join(tmpdir(), 'contract-program-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'program')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o700)
  return { folder, path }
}

const quoted = hubProgram.map((part) => `'${part}'`).join(' ')

test('a server runs as a program of its own, and comes back on the same port', async (t) => {
  const server = await startServer(t, config, startProcess(hubProgram))
  const { epoch } = await publish(server, 'room:x', 1)
  const client = await connectRaw(t, server, 'ann')
  await server.restart()
  assert.equal((await client.closed).code, 3001)
  const position = await positionOf(server, 'room:x')
  assert.equal(position.offset, 0)
  assert.notEqual(position.epoch, epoch)
  await server.stop()
  await assert.rejects(fetch(server.url))
})

test('a program is called as Centrifugo is, and sees none of its variables', async (t) => {
  const { path, folder } = await programOf(
    t,
    `echo "$1" > "$(dirname "$0")/arguments"; env > "$(dirname "$0")/environment"; exec ${quoted} -c "$2"`,
  )
  process.env['CENTRIFUGO_HTTP_API_KEY'] = 'another key'
  t.after(() => delete process.env['CENTRIFUGO_HTTP_API_KEY'])
  const server = await startServer(t, config, startProcess([path]))
  assert.equal((await ask<{ nodes: unknown[] }>(server, 'info')).nodes.length, 1)
  assert.equal(await readFile(join(folder, 'arguments'), 'utf8'), '-c\n')
  assert.doesNotMatch(await readFile(join(folder, 'environment'), 'utf8'), /^CENTRIFUGO_/m)
})

test('a program that does not start is told with what it said', async (t) => {
  const { path } = await programOf(t, 'echo "no such thing" >&2; exit 7')
  await assert.rejects(startProcess([path])({}, await freePort()), /it ended with 7[^]*no such thing/)
  await assert.rejects(startProcess(['/no/such/program'])({}, await freePort()), /ENOENT/)
})

test('a port that was taken meanwhile is no reason to give up', async (t) => {
  const { path } = await programOf(
    t,
    `marker="$(dirname "$0")/tried"; test -e "$marker" && exec ${quoted} -c "$2"; touch "$marker"; echo "bind: address already in use"; exit 1`,
  )
  const server = await startServer(t, config, startProcess([path]))
  assert.equal((await publish(server, 'room:x', 1)).offset, 1)
})
