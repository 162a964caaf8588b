import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { writeMention } from './mention-words.ts'
import { findMentions } from './mentions.ts'

const cases: [content: string, users: string[]][] = [
  ['@sam and @Ann.B, please', ['sam', 'Ann.B']],
  ['@sam @sam', ['sam']],
  ['(@sam) "@ann" **@bob** _@eve_ @joe!', ['sam', 'ann', 'bob', 'eve', 'joe']],
  ['@[bob.] wrote', ['bob.']],
  ['@岩 @ünal_2', ['岩', 'ünal_2']],
  ['sam@example.org https://example.org/@sam \\@sam a@b @', []],
  ['`@sam` ``a ` @ann`` @bob', ['bob']],
  ['```\n@sam\n```\n@ann', ['ann']],
  ['~~~ts\n@sam', []],
  ['> ```\n> @sam\n@ann', ['ann']],
  ['- ```\n  @sam\n@ann', ['ann']],
  ['`\n\n@sam`', ['sam']],
  ['`a\n@sam`', []],
]

for (const [content, users] of cases) {
  test(`${JSON.stringify(content)} mentions ${users.join(', ') || 'nobody'}`, () => {
    assert.deepEqual(findMentions(content), { users, here: false, all: false })
  })
}

test('@here and @all are no names of people', () => {
  assert.deepEqual(findMentions('@here and @all: @sam'), { users: ['sam'], here: true, all: true })
  assert.deepEqual(findMentions('`@here`'), { users: [], here: false, all: false })
})

test('a name is written so that it is read back', () => {
  for (const name of ['sam', 'Ann.B', 'bob_', 'Weekend plans', 'Hiring, private notes', 'c++', '#1', '岩']) {
    for (const sign of ['@', '#'] as const) {
      const written = writeMention(sign, name)
      assert.ok(written !== undefined)
      if (sign === '@') assert.deepEqual(findMentions(`${written}, hello`).users, [name])
    }
  }
  assert.equal(writeMention('@', 'sam'), '@sam')
  assert.equal(writeMention('#', 'Weekend plans'), '#[Weekend plans]')
  assert.equal(writeMention('#', 'a [b]'), undefined)
})

test('a long run of anything is read once', () => {
  for (const unit of ['`', '@', '@a', '` ', '``` ', '>', '- ', '@[', '```\n', '> ```\n', '\n', '`a``b```c']) {
    assert.equal(findMentions(unit.repeat(50_000 / unit.length)).here, false)
  }
})
