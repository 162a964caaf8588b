import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger } from './log.ts'
import type { LogLevel } from './server-options.ts'

function levelsShown(level: LogLevel): string[] {
  const shown: string[] = []
  const logger = createLogger(level, (line) => shown.push((JSON.parse(line) as { level: string }).level))
  for (const each of ['debug', 'info', 'warn', 'error'] as const) logger[each]({}, 'Something happened.')
  return shown
}

test('[CFG12] what is below the level is not logged', () => {
  assert.deepEqual(levelsShown('trace'), ['debug', 'info', 'warn', 'error'])
  assert.deepEqual(levelsShown('warn'), ['warn', 'error'])
  assert.deepEqual(levelsShown('fatal'), [])
  assert.deepEqual(levelsShown('none'), [])
})

test('[CFG12] an entry has its level, its time, what happened, and its fields', () => {
  let line = ''
  const err = Object.assign(new TypeError('no'), { code: 'ENO' })
  createLogger('info', (text) => (line = text)).error({ err, bytes: 5n }, 'It failed.')
  assert.ok(line.endsWith('}\n'))
  const { time, ...entry } = JSON.parse(line) as Record<string, unknown>
  assert.ok(!Number.isNaN(Date.parse(String(time))))
  assert.deepEqual(entry, {
    level: 'error',
    message: 'It failed.',
    err: { type: 'TypeError', message: 'no', code: 'ENO', stack: err.stack },
    bytes: '5',
  })
})
