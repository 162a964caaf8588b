import assert from 'node:assert/strict'
import { access, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readSettings } from '../../hub/standalone/index.ts'
import { readConfig, settingNames } from '../../server/config.ts'
import { root } from '../steps.ts'
import { centrifugoVersion } from './centrifugo.ts'
import { configText } from './centrifugo-config.ts'
import { deploy, environmentOf, makeSecrets, readCompose, readEnv } from './compose.ts'

const { text, services, networks, volumes } = await readCompose()
const dockerfile = await readFile(join(deploy, 'Dockerfile'), 'utf8')

test('what services wait for exists and can be seen to be healthy', () => {
  for (const [name, { depends_on: needed = {} }] of Object.entries(services)) {
    for (const [other, { condition, required = true }] of Object.entries(needed)) {
      const service = services[other] ?? assert.fail(`${name} waits for ${other}, which does not exist`)
      // A service that is left out by its profile must not be waited for by one that is not.
      assert.ok(!required || !service.profiles || services[name]?.profiles?.join() === service.profiles.join(), other)
      if (condition === 'service_completed_successfully') assert.match(service.restart, /^on-failure/)
      else assert.ok(service.healthcheck ?? (service.build && dockerfile.includes('HEALTHCHECK')), other)
    }
  }
  assert.deepEqual(Object.keys(services['nginx']?.depends_on ?? {}).toSorted(), [
    'backend-1',
    'backend-2',
    'centrifugo-1',
    'centrifugo-2',
  ])
})

test('networks, volumes and the files that are mounted exist', async () => {
  for (const service of Object.values(services)) {
    const names = Array.isArray(service.networks) ? service.networks : Object.keys(service.networks ?? {})
    assert.ok(names.length > 0 || service.network_mode)
    for (const name of names) assert.ok(name in networks, name)
    for (const volume of service.volumes ?? []) {
      const source = volume.split(':')[0] ?? ''
      if (source.startsWith('./')) await assert.doesNotReject(access(join(deploy, source)))
      else assert.ok(source in volumes, source)
    }
  }
})

test('Nginx alone can be reached from outside, and Grafana where it is wanted', async (t) => {
  const open = Object.keys(services).filter((name) => services[name]?.ports)
  assert.deepEqual(open, ['nginx', 'grafana'])
  assert.deepEqual(services['grafana']?.profiles, ['observability'])
  assert.match((await readEnv((await makeSecrets(t)).file))['GRAFANA_ADDRESS'] ?? '', /^127\.0\.0\.1:/)
})

test('every value that comes from outside is made by secrets.sh, is used, and has no default', async (t) => {
  const { file } = await makeSecrets(t)
  const used = [...text.matchAll(/(?<!\$)\$\{?([A-Z_]+)([^}\s]?\??)/g)]
  assert.ok(used.every(([, , form]) => form === ':?'))
  // Compose itself reads the last one.
  assert.deepEqual(
    [...new Set([...used.map(([, name = '']) => name), 'COMPOSE_PROFILES'])].toSorted(),
    Object.keys(await readEnv(file)).toSorted(),
  )
})

test('secrets are new each time, long, for their owner’s eyes alone, and never overwritten', async (t) => {
  const [one, two] = [await makeSecrets(t), await makeSecrets(t)]
  const [a, b] = [await readEnv(one.file), await readEnv(two.file)]
  const names = Object.keys(a).filter((name) => /SECRET|PASSWORD|KEY/.test(name))
  assert.equal(names.length, 7)
  assert.equal(new Set(names.flatMap((name) => [a[name], b[name]])).size, 14)
  for (const name of names) assert.match(a[name] ?? '', /^[0-9a-f]{64}$/)
  assert.equal((await stat(one.file)).mode & 0o777, 0o600)
  const again = await one.make()
  assert.notEqual(again.code, 0)
  assert.match(again.output, /is there already/)
  assert.deepEqual(await readEnv(one.file), a)
})

test('an address that is none is refused before anything is written', async (t) => {
  for (const wrong of ['chat.example.com', 'https://', 'https://chat.example.com/', 'https://a b', 'https://x$(id)']) {
    const { code, file } = await makeSecrets(t, wrong)
    assert.notEqual(code, 0, wrong)
    await assert.rejects(access(file))
  }
})

test('the backends find nothing wrong with their settings, and no setting is misspelt', async (t) => {
  const env = await readEnv((await makeSecrets(t, 'https://chat.example.com')).file)
  for (const name of ['backend-1', 'backend-2']) {
    const given = environmentOf(services[name], env)
    for (const setting of Object.keys(given)) assert.ok(settingNames.includes(setting), setting)
    const config = readConfig(given)
    assert.equal(config.PUBLIC_URL, 'https://chat.example.com')
    const nginx = services['nginx']?.networks as Record<string, { ipv4_address?: string } | null> | undefined
    assert.deepEqual(config.TRUSTED_PROXIES, [nginx?.['inside']?.ipv4_address])
  }
})

test('Centrifugo’s variables mean what they should, and both sides have the same secrets', async (t) => {
  const env = await readEnv((await makeSecrets(t)).file)
  const all = environmentOf(services['centrifugo-1'], env)
  const { CENTRIFUGO_ENGINE_TYPE: engine, CENTRIFUGO_ENGINE_REDIS_ADDRESS: address, ...others } = all
  const ours = Object.entries(others).filter(([name]) => !name.startsWith('CENTRIFUGO_CONSUMERS_'))
  const environment = Object.fromEntries(ours)
  assert.deepEqual([engine, address], ['redis', `redis://:${env['REDIS_PASSWORD']}@redis:6379`])
  const { settings, mistakes, warnings } = readSettings(JSON.parse(configText()), { environment })
  assert.deepEqual([...mistakes, ...warnings], [])
  assert.equal(settings?.hub.token?.hmacSecretKey, env['CENTRIFUGO_TOKEN_SECRET'])
  assert.equal(settings?.server.apiKey, env['CENTRIFUGO_HTTP_API_KEY'])
  assert.deepEqual(settings?.hub.allowedOrigins, [env['PUBLIC_URL']])
})

test('Nginx is given what its template asks for, and nothing else', async () => {
  const template = await readFile(join(deploy, 'nginx/templates/grandchat.conf.template'), 'utf8')
  const asked = new Set([...template.matchAll(/\$\{(GRANDCHAT_\w+)\}/g)].map(([, name = '']) => name))
  const given = Object.keys(services['nginx']?.environment ?? {}).filter((name) => name.startsWith('GRANDCHAT_'))
  assert.deepEqual(given.toSorted(), [...asked].toSorted())
})

test('images are pinned to a version, and are those that the tests run with', () => {
  for (const { image } of Object.values(services)) assert.match(image, /:v?\d+\.\d+(\.\d+)*(-\w+)?$/)
  assert.equal(services['centrifugo-1']?.image, `centrifugo/centrifugo:${centrifugoVersion}`)
  const bases = [...dockerfile.matchAll(/^FROM (node\S+)/gm)].map(([, image]) => image)
  assert.equal(new Set(bases).size, 1)
  assert.match(bases[0] ?? '', /^node:24\.\d+\.\d+-bookworm-slim$/)
  assert.match(dockerfile, /^USER node$/m)
})

test('the image is installed from every workspace, and carries none that it does not run', async () => {
  const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
  const ignored = await readFile(join(deploy, 'Dockerfile.dockerignore'), 'utf8')
  for (const name of workspaces) {
    assert.match(dockerfile, new RegExp(`^COPY ${name}/package.json ${name}/$`, 'm'))
    if (['contracts', 'hub', 'server'].includes(name)) continue
    assert.match(dockerfile, new RegExp(`node_modules/@grandchat/${name}\\b`))
    if (!['client', 'web'].includes(name)) assert.ok(ignored.includes(`\n${name}/*\n!${name}/package.json\n`), name)
  }
})
