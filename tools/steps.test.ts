import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './steps.ts'

const node = (program: string) => [process.execPath, '-e', program]

test('a command’s output and its exit code are told', async () => {
  const command = node('console.log("out"); console.error("err"); process.exitCode = 3')
  const { code, output } = await run(command, { isQuiet: true })
  assert.equal(code, 3)
  assert.match(output, /out/)
  assert.match(output, /err/)
})

test('a command that hangs is ended and has failed, also when it does not listen and leaves others behind', async () => {
  const child = `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'inherit' })`
  const command = node(`${child}; console.log('started'); setTimeout(() => {}, 60000)`)
  const { code, output } = await run(command, { isQuiet: true, silenceMs: 2_000 })
  assert.notEqual(code, 0)
  assert.match(output, /printed nothing for 2 s and is ended\.\n/)
})

test('a program that is not there is a failure with its name', async () => {
  const { code, output } = await run(['no-such-program'], { isQuiet: true })
  assert.equal(code, 127)
  assert.match(output, /no-such-program/)
})
