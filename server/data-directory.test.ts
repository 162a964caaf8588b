import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openDataDirectory } from './data-directory.ts'
import { StartError } from './start-error.ts'

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-data-'))
  folders.push(folder)
  return folder
}

/** Another process that holds the directory until it is killed. */
async function holdElsewhere(path: string) {
  const script = `
    const { openDataDirectory } = await import(${JSON.stringify(new URL('./data-directory.ts', import.meta.url).href)})
    await openDataDirectory(${JSON.stringify(path)})
    globalThis.gc()
    console.log('held')
    setInterval(() => {}, 60_000)`
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test('the data directory is made for its owner alone', async () => {
  const path = join(await makeFolder(), 'deep', 'data')
  const directory = await openDataDirectory(path)
  assert.equal((await stat(directory.path)).mode & 0o777, 0o700)
  directory.release()
})

test('a secret is 32 random bytes, stays the same for ever and is readable by its owner alone', async () => {
  const path = await makeFolder()
  const first = await openDataDirectory(path)
  const [secret, again, other] = await Promise.all([
    first.secret('token'),
    first.secret('token'),
    first.secret('other'),
  ])
  first.release()
  assert.match(secret, /^[0-9a-f]{64}$/)
  assert.equal(again, secret)
  assert.notEqual(other, secret)
  assert.equal((await stat(join(path, 'secrets', 'token'))).mode & 0o777, 0o600)

  const second = await openDataDirectory(path)
  assert.equal(await second.secret('token'), secret)
  second.release()
})

test('a damaged secret is reported, never used', async () => {
  const path = await makeFolder()
  const first = await openDataDirectory(path)
  await first.secret('token')
  first.release()
  await writeFile(join(path, 'secrets', 'token'), '')
  const second = await openDataDirectory(path)
  await assert.rejects(second.secret('token'), StartError)
  second.release()
})

test('a second instance is refused in one sentence that names the first', async () => {
  const path = await makeFolder()
  const holder = await holdElsewhere(path)
  await assert.rejects(openDataDirectory(path), (error) => {
    assert.ok(error instanceof StartError)
    assert.equal(error.message, `${path} is already in use by another GrandChat (process ${holder.pid}).`)
    return true
  })
  holder.kill()
  await once(holder, 'exit')
})

test('the lock of a killed instance is free at once', async () => {
  const path = await makeFolder()
  const holder = await holdElsewhere(path)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const directory = await openDataDirectory(path)
  directory.release()
})

test('one process cannot open the same directory twice, but again after releasing it', async () => {
  const path = await makeFolder()
  const first = await openDataDirectory(path)
  await assert.rejects(openDataDirectory(path), StartError)
  first.release()
  first.release()
  const again = await openDataDirectory(path)
  again.release()
})

test('a data directory that cannot be written is reported in one sentence', async () => {
  const folder = await makeFolder()
  const file = join(folder, 'file')
  await writeFile(file, '')
  await assert.rejects(openDataDirectory(join(file, 'data')), (error) => {
    assert.ok(error instanceof StartError)
    assert.equal(error.message, `The data directory ${file}/data cannot be written: not a directory.`)
    return true
  })
})
