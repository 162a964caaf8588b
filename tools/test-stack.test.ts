import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ensureCentrifugo } from './stack/centrifugo.ts'
import { root } from './steps.ts'
import { testStack } from './test-stack.ts'

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'test-stack-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function programOf(t: TestContext, script: string): Promise<string> {
  const path = join(await folderOf(t), 'program')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o700)
  return path
}

const files = ['hub/test/contract/restart.test.ts']

/** The suite is run by a runner of its own, which would otherwise take itself for a part of this one. */
function hideRunner(t: TestContext): void {
  const name = 'NODE_TEST_CONTEXT'
  const context = process.env[name]
  delete process.env[name]
  t.after(() => {
    if (context !== undefined) process.env[name] = context
  })
}

/** With the hub in the place of Centrifugo: everything but the program itself is as it would be. */
async function standIn(t: TestContext) {
  return programOf(t, `exec '${process.execPath}' '${root}/hub/standalone/main.ts' -c "$2"`)
}

test('the suite runs against a program in Centrifugo’s place', async (t) => {
  hideRunner(t)
  const program = await standIn(t)
  const lines: string[] = []
  const count = await testStack({
    centrifugo: async () => program,
    redis: () => Promise.reject(new Error('There is no Redis here.')),
    files,
    isWherePossible: true,
    isQuiet: true,
    print: (line) => lines.push(line),
  })
  assert.deepEqual(count, { passed: 2, failed: 0, skipped: 1 })
  assert.match(lines[0] ?? '', /^stack, Centrifugo v6\S+ on memory: 2 passed, 0 failed, 1 skipped$/)
  assert.deepEqual(lines.slice(1), [
    'Not run: the contract suite against real Centrifugo on Redis. There is no Redis here.',
    '2 passed, 0 failed, 1 skipped',
  ])
})

test('a program that fails is no success', async (t) => {
  hideRunner(t)
  const program = await programOf(t, 'echo broken; exit 1')
  const { failed } = await testStack({
    centrifugo: async () => program,
    redis: () => Promise.reject(new Error('There is no Redis here.')),
    files,
    isWherePossible: true,
    isQuiet: true,
    print: () => {},
  })
  assert.ok(failed > 0)
})

test('without Centrifugo it fails with the reason, or says plainly what was not run', async () => {
  const lines: string[] = []
  const stack = {
    centrifugo: () => Promise.reject(new Error('It cannot be had.')),
    redis: () => Promise.reject(new Error('Nobody asks.')),
    files,
    isQuiet: true,
    print: (line: string) => lines.push(line),
  }
  await assert.rejects(testStack({ ...stack, isWherePossible: false }), /^Error: It cannot be had\.$/)
  assert.deepEqual(lines, [])
  await testStack({ ...stack, isWherePossible: true })
  assert.deepEqual(lines, [
    'Not run: the contract suite against real Centrifugo. It cannot be had.',
    '0 passed, 0 failed, 0 skipped',
  ])
})

test('Centrifugo is built once and then found', async (t) => {
  const cache = await folderOf(t)
  const go = await programOf(
    t,
    'test "$1" = version && echo "go version go1.27.1 linux/amd64" && exit; echo "$@" > "$GOBIN/centrifugo"; chmod +x "$GOBIN/centrifugo"',
  )
  const path = await ensureCentrifugo({ cache, go })
  assert.ok(path.startsWith(cache))
  assert.equal(await ensureCentrifugo({ cache, go: 'no-such-go' }), path)
})

test('why Centrifugo cannot be built is one sentence with Go’s own reason', async (t) => {
  const cache = await folderOf(t)
  const version = 'test "$1" = version && echo "go version go1.26.0 linux/amd64" && exit;'
  const refused = await programOf(
    t,
    `${version} printf 'go: finding\\ngo: a@v1: 403 Forbidden\\n\\tnot here\\n' >&2; exit 1`,
  )
  await assert.rejects(
    ensureCentrifugo({ cache, go: refused }),
    /could not be installed: go: a@v1: 403 Forbidden not here$/,
  )
  const old = await programOf(t, 'echo "go version go1.24.2 linux/amd64"')
  await assert.rejects(ensureCentrifugo({ cache, go: old }), /Go 1\.26 or newer, and this is Go 1\.24: install it/)
  await assert.rejects(ensureCentrifugo({ cache, go: '/no/such/go' }), /Go 1\.26 or newer: install it/)
})
