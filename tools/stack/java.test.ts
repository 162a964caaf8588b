import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ensureJars } from './java.ts'

/** Programs of our own in Java's and Maven's places, and an empty cache. */
async function makeTools(t: TestContext, { java = 'echo \'openjdk version "17.0.15"\'', maven = '' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-java-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const program = async (name: string, body: string) => {
    const path = join(folder, name)
    await writeFile(path, `#!/bin/sh\n${body}\n`)
    await chmod(path, 0o755)
    return path
  }
  const cache = join(folder, 'cache')
  await mkdir(cache)
  const installed: string[] = []
  const install = (name: string) => Promise.resolve(void installed.push(name))
  return { cache, java: await program('java', java), maven: await program('mvn', maven), install, installed }
}

/** Puts one jar where it is told to. */
const fetches = `for each in "$@"; do case "$each" in
  -DoutputDirectory=*) touch "\${each#*=}/kafka.jar" ;;
esac; done`

test('the jars are fetched once, and are there whole or not at all', async (t) => {
  const tools = await makeTools(t, { maven: fetches })
  const { folder } = await ensureJars(tools)
  assert.deepEqual(await readdir(folder), ['kafka.jar'])
  assert.deepEqual(await ensureJars({ ...tools, maven: '/no/such/program' }), { folder })
  const failing = await makeTools(t, {
    maven: 'test "$1" = -version && exit; echo "[ERROR] The repository is gone"; exit 1',
  })
  await assert.rejects(ensureJars(failing), /could not be fetched: The repository is gone/)
  assert.deepEqual(await readdir(join(failing.cache, 'kafka')), [])
})

test('without Java 17 or without Maven one sentence says what to install, after it was tried', async (t) => {
  const old = await makeTools(t, { java: 'echo \'openjdk version "11.0.2"\'', maven: fetches })
  const none = { ...(await makeTools(t)), maven: '/no/such/program' }
  for (const tools of [old, none]) {
    await assert.rejects(ensureJars(tools), /need Java 17 or newer and Maven: install them/)
    assert.deepEqual(tools.installed, ['maven'])
  }
})
