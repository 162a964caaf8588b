import assert from 'node:assert/strict'
import { type ErrorBody, errorCodes } from '@grandchat/contracts/errors'
import { sql } from 'kysely'
import type { Services } from '../services.ts'
import type { Answer, Person } from './person.ts'

/** A refusal as the contract has it: never the server's fault, with a code that clients know. */
export function assertRefused(answer: Answer, what: string, statuses?: number[]): void {
  const isExpected = statuses ? statuses.includes(answer.status) : answer.status >= 400 && answer.status < 500
  assert.ok(isExpected, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`)
  assertErrorBody(answer, what)
}

/** Whatever it was, it is answered. */
export function assertAnswered(answer: Answer, what: string): void {
  if (answer.status >= 400) assertRefused(answer, what)
}

function assertErrorBody({ body, text }: Answer, what: string): void {
  const { detail, code, fields, ...more } = body as ErrorBody
  assert.ok(typeof detail === 'string' && detail.length > 0, `${what}: ${text.slice(0, 300)}`)
  assert.ok(errorCodes.includes(code), `${what}: the code ${code}`)
  assert.deepEqual(more, {}, what)
  for (const problem of Object.values(fields ?? {})) assert.equal(typeof problem, 'string', what)
  assert.ok(text.length < 8_000, `${what}: an answer of ${text.length} characters`)
}

const tables = [
  'workspace',
  'users',
  'avatars',
  'invites',
  'rooms',
  'memberships',
  'messages',
  'message_edits',
  'mentions',
  'reactions',
  'reaction_rows',
  'pins',
  'own_rows',
  'revocations',
]

/** Everything that is stored, in one text. When a session was last seen does not count. */
export async function fingerprint({ db }: Services): Promise<string> {
  const hashes = tables.map(
    (table) => sql`(select md5(string_agg(t::text, '|' order by t::text)) from ${sql.table(table)} t)`,
  )
  const { rows } = await sql<{ hash: string }>`
    select concat_ws(' ', ${sql.join(hashes)}, (select string_agg(id::text, ',' order by id) from sessions)) as hash`.execute(
    db,
  )
  return rows[0]!.hash
}

export async function assertAlive(person: Person): Promise<void> {
  assert.equal((await person.me()).username, person.username)
}
