import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const RUN = fileURLToPath(new URL('./run.mjs', import.meta.url))

const folder = await mkdtemp(join(tmpdir(), 'grandchat-run-'))
after(() => rm(folder, { recursive: true, force: true }))

/** Starts a script under the launcher and answers its lines as they come. */
async function launch(name, source, ...args) {
  const script = join(folder, name)
  await writeFile(script, source)
  const launcher = spawn(process.execPath, [RUN, script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]()
  return { launcher, nextLine: async () => (await lines.next()).value }
}

const COUNT_SIGNALS = `
  const seen: string[] = []
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      seen.push(signal)
      // Long enough for a second one to arrive, were it sent.
      if (seen.length === 1) setTimeout(() => { console.log(seen.join()); process.exit(3) }, 300)
    })
  }
  setInterval(() => {}, 60_000)
  console.log('ready')`

test('a script runs on Node 24 with its arguments and with our tools first in the path', async () => {
  const source = `console.log(JSON.stringify([process.versions.node, process.argv.slice(2), process.env['PATH']]))`
  const { launcher, nextLine } = await launch('arguments.ts', source, '--demo', 'a b')
  const [version, args, path] = JSON.parse(await nextLine())
  assert.ok(Number(version.split('.')[0]) >= 24)
  assert.deepEqual(args, ['--demo', 'a b'])
  assert.match(path, /^[^:;]*node_modules[/\\]\.bin[:;]/)
  assert.deepEqual(await once(launcher, 'exit'), [0, null])
})

test('the exit code of the script is the exit code of the launcher', async () => {
  const { launcher } = await launch('code.ts', 'process.exit(7)')
  assert.deepEqual(await once(launcher, 'exit'), [7, null])
})

test('a script that is ended by a signal fails with 128 and its number', async () => {
  const { launcher } = await launch('signal.ts', `process.kill(process.pid, 'SIGKILL')`)
  assert.deepEqual(await once(launcher, 'exit'), [137, null])
})

test('of several signals to the launcher the script gets the first, once', async () => {
  const { launcher, nextLine } = await launch('once.ts', COUNT_SIGNALS)
  assert.equal(await nextLine(), 'ready')
  launcher.kill('SIGINT')
  launcher.kill('SIGINT')
  launcher.kill('SIGTERM')
  // Which of the pending signals the kernel delivers first is its own affair.
  assert.match(await nextLine(), /^SIG(INT|TERM)$/)
  assert.deepEqual(await once(launcher, 'exit'), [3, null])
})

test('a script whose launcher is killed is told to stop', async () => {
  const { launcher, nextLine } = await launch('orphan.ts', COUNT_SIGNALS)
  assert.equal(await nextLine(), 'ready')
  launcher.kill('SIGKILL')
  assert.equal(await nextLine(), 'SIGTERM')
})
