import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { root } from '../steps.ts'
import { checkNginxFiles, isInstalled } from './nginx.ts'
import { noProxy, type NginxValues, render, writeNginxFiles } from './nginx-files.ts'

// Nothing is installed for this: `npm run test:stack` does that.
const skip = !(await isInstalled()) && 'Nginx is not installed.'

const template = await readFile(join(root, 'deploy/nginx/templates/grandchat.conf.template'), 'utf8')
const values: NginxValues = {
  listen: '127.0.0.1:18080',
  backends: 'server 127.0.0.1:19001; server 127.0.0.1:19002;',
  centrifugo: 'server 127.0.0.1:18000;',
  frontProxy: noProxy,
  accessLog: '/dev/null',
  resolver: '127.0.0.1',
}

async function check(t: TestContext, given: NginxValues): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-nginx-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return checkNginxFiles(folder, await writeNginxFiles(folder, given))
}

test('Nginx finds nothing wrong with its files', { skip }, async (t) => {
  assert.equal(await check(t, values), '')
})

test('nor with a proxy in front of it', { skip }, async (t) => {
  assert.equal(await check(t, { ...values, frontProxy: '10.0.0.0/8' }), '')
})

test('what is wrong is told', { skip }, async (t) => {
  assert.match(await check(t, { ...values, backends: 'nonsense;' }), /unknown directive "nonsense"/)
})

test('every placeholder has a value, and the variables of Nginx stay', () => {
  const text = render(template, values)
  assert.doesNotMatch(text, /\$\{[A-Z]/)
  assert.match(text, /listen 127\.0\.0\.1:18080;/)
  assert.match(text, /\$binary_remote_addr/)
  assert.throws(() => render('listen ${GRANDCHAT_PORT};', values), /asks for GRANDCHAT_PORT, which nobody sets/)
})
