import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCommandLine } from './command-line.ts'

test('flags are read as Centrifugo has them', () => {
  assert.deepEqual(
    readCommandLine([
      '-c',
      'hub.json',
      '-p',
      '9001',
      '-a=::1',
      '--client.insecure',
      '--log.level',
      'debug',
      '--strict',
    ]),
    {
      task: 'run',
      configFile: 'hub.json',
      isStrict: true,
      flags: {
        'http_server.port': '9001',
        'http_server.address': '::1',
        'client.insecure': 'true',
        'log.level': 'debug',
      },
      mistakes: [],
    },
  )
  assert.deepEqual(readCommandLine(['--admin.enabled', '--engine.type=redis', '--sse.enabled=false']).flags, {
    'admin.enabled': 'true',
    'engine.type': 'redis',
    'sse.enabled': 'false',
  })
})

test('all wrong arguments are named', () => {
  assert.deepEqual(readCommandLine(['--nonsense=1', 'serve', '-x', 'toString', '--config=', '-p']).mistakes, [
    'There is no flag --nonsense.',
    'There is no command serve.',
    'There is no flag -x.',
    'There is no command toString.',
    '--config needs a value.',
    '-p needs a value.',
  ])
})
