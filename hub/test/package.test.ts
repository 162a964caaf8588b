import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

const program = `
import { createServer } from 'node:http'
import { Hub } from '@grandchat/hub'
import { readSettings } from '@grandchat/hub/standalone'
import { Centrifuge } from 'centrifuge'
import WebSocket from 'ws'

const hub = new Hub({ client: { insecure: true }, namespaces: [{ name: 'news' }] })
const server = createServer()
server.on('upgrade', (request, socket, head) => hub.handleUpgrade(request, socket, head))
server.listen(0, '127.0.0.1', async () => {
  const sdk = new Centrifuge(\`ws://127.0.0.1:\${server.address().port}/\`, { websocket: WebSocket })
  const subscription = sdk.newSubscription('news:1')
  subscription.on('publication', ({ data }) => {
    console.log(data.text, typeof readSettings)
    process.exit(0)
  })
  subscription.subscribe()
  sdk.connect()
  await subscription.ready(5000)
  await hub.publish('news:1', { text: 'hello' })
})
`

const typed = `
import { Hub, type HubOptions, type PublishResult } from '@grandchat/hub'

const options: HubOptions = { namespaces: [{ name: 'news', historySize: 1, historyTtlSeconds: 1 }] }
export const result: Promise<PublishResult> = new Hub(options).publish('news:1', 1)
// @ts-expect-error There is no such option.
export const wrong: HubOptions = { nonsense: true }
`

/** As `npm install <tarball>` lays it out; what it depends on is linked, so that no registry is needed. */
async function install(project: string): Promise<void> {
  const { stdout } = await run('npm', ['pack', '--workspace', 'hub', '--pack-destination', project, '--json'], {
    cwd: root,
  })
  assert.ok(stdout.length > 0)
  const [tarball = ''] = (await readdir(project)).filter((name) => name.endsWith('.tgz'))
  const target = join(project, 'node_modules/@grandchat/hub')
  await mkdir(target, { recursive: true })
  await run('tar', ['-xzf', join(project, tarball), '-C', target, '--strip-components=1'])
  const { dependencies } = JSON.parse(await readFile(join(target, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const name of [...Object.keys(dependencies), 'centrifuge', '@types/node', '@types/ws']) {
    const link = join(project, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(root, 'node_modules', name), link)
  }
}

test('the package runs in a plain JavaScript project and has types for others', async (t) => {
  const project = await mkdtemp(join(tmpdir(), 'hub-package-'))
  t.after(() => rm(project, { recursive: true, force: true }))
  await install(project)
  await writeFile(join(project, 'package.json'), '{"name":"project","private":true,"type":"module"}')
  await writeFile(join(project, 'main.js'), program)
  const { stdout } = await run(process.execPath, ['main.js'], { cwd: project })
  assert.equal(stdout, 'hello function\n')
  await writeFile(join(project, 'typed.ts'), typed)
  const options = { strict: true, module: 'nodenext', target: 'es2024', noEmit: true, types: ['node'] }
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['typed.ts'] }))
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', project])
  const files = await readdir(join(project, 'node_modules/@grandchat/hub'), { recursive: true })
  assert.deepEqual(
    files.filter((name) => /\btest\b|(?<!\.d)\.ts$/.test(name)),
    [],
    'neither sources nor tests',
  )
})
