import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkImports, problemsIn } from './imports.ts'

test('our own imports go the ways that they may', async () => {
  assert.deepEqual(await checkImports(), [])
})

const offences: [file: string, line: string, problem: RegExp][] = [
  ['hub/node.ts', "import { channels } from '@grandchat/contracts/realtime/channels'", /hub may not import contracts/],
  ['server/app.ts', "import { createClient } from '@grandchat/client'", /server may not import client/],
  ['server/app.ts', "import { createClient } from '../client/index.ts'", /server may not import client/],
  ['web/app.tsx', "import { Room } from '@grandchat/contracts/rooms/schema'", /only be imported as types/],
  ['client/rest/request.ts', "export { Id } from '../../contracts/primitives.ts'", /only be imported as types/],
  ['server/setup/set-up.ts', "import { startSession } from '../sessions/routes.ts'", /routes are its own/],
  ['web/app.tsx', "const lazy = import('@grandchat/server/start')", /web may not import server/],
]

for (const [file, line, problem] of offences) {
  test(`${file} is told off for: ${line}`, () => {
    const problems = problemsIn(file, `${line}\n`)
    assert.equal(problems.length, 1)
    assert.match(problems[0]!, problem)
  })
}

test('types of schemas, plain rules and tests of the client against the backend are fine', () => {
  assert.deepEqual(problemsIn('web/app.tsx', "import type { Room } from '@grandchat/contracts/rooms/schema'\n"), [])
  assert.deepEqual(problemsIn('web/app.tsx', "import { limits } from '@grandchat/contracts/limits'\n"), [])
  assert.deepEqual(
    problemsIn('client/sync/live.test.ts', "import { startTestServer } from '../../server/testing/server.ts'\n"),
    [],
  )
})
