import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandOf } from './kafka-consumer.ts'

const read = (text: string) => commandOf(Buffer.from(text))

test('a record carries the call as an object, or as a text of JSON, as Debezium writes it', () => {
  const command = { method: 'publish', payload: '{"channel":"a"}' }
  assert.deepEqual(read('{"method":"publish","payload":{"channel":"a"}}'), command)
  assert.deepEqual(read('{"id":1,"method":"publish","payload":"{\\"channel\\":\\"a\\"}","partition":3}'), command)
})

test('what is no call is left out: nothing at all, null, other JSON, no JSON', () => {
  assert.deepEqual([undefined, null, Buffer.alloc(0)].map(commandOf), [undefined, undefined, undefined])
  for (const text of ['null', '[]', '1', '{}', '{"method":"publish"}', '{"method":1,"payload":{}}', 'oops']) {
    assert.equal(read(text), undefined, text)
  }
})
