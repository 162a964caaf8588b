import { expect, test } from 'vitest'
import { hostileTexts } from '../testing/hostile.ts'
import type { Block, Inline } from './ast.ts'
import { isTooTangled } from './has-markup.ts'
import { parseMarkdown } from './parse.ts'
import { toPlainText } from './plain-text.ts'

/** Blocks and inlines as one would write a tree on paper. */
function draw(blocks: readonly Block[]): string {
  return blocks.map(drawBlock).join('')
}

function drawBlock(block: Block): string {
  if (block.type === 'text') return `<p>${drawInlines(block.children)}</p>`
  if (block.type === 'code') return `<pre ${block.language}>${block.text}</pre>`
  if (block.type === 'quote') return `<quote>${draw(block.children)}</quote>`
  const items = block.items.map((item) => `<li>${draw(item)}</li>`).join('')
  return `<list${block.start === undefined ? '' : ` ${block.start}`}>${items}</list>`
}

function drawInlines(inlines: readonly Inline[]): string {
  return inlines.map(drawInline).join('')
}

function drawInline(inline: Inline): string {
  if (inline.type === 'text') return inline.text
  if (inline.type === 'code') return `<code>${inline.text}</code>`
  if (inline.type === 'mention') return `<${inline.sign}${inline.name}>`
  if (inline.type === 'shortcode') return `<:${inline.code}:>`
  const inside = drawInlines(inline.children)
  if (inline.type === 'link') return `<a ${inline.href}${inline.host ? ` goes to ${inline.host}` : ''}>${inside}</a>`
  return `<${inline.type}>${inside}</${inline.type}>`
}

test.each([
  [
    '**b** *i* _i_ ~~s~~ `c`',
    '<p><bold>b</bold> <italic>i</italic> <italic>i</italic> <strike>s</strike> <code>c</code></p>',
  ],
  ['***a** b*', '<p><italic><bold>a</bold> b</italic></p>'],
  ['snake_case_name and 2 * 3 * 4', '<p>snake_case_name and 2 * 3 * 4</p>'],
  ['\\*not\\* this', '<p>*not* this</p>'],
  ['one\ntwo\n\n\nthree', '<p>one\ntwo\n\n\nthree</p>'],
  ['  indented\n    more', '<p>  indented\n    more</p>'],
  ['# A title\ntext', '<p><bold>A title</bold>\ntext</p>'],
  ['#1 is no title', '<p><#1> is no title</p>'],
  ['a\n---\nb', '<p>a\n---\nb</p>'],
  ['&amp; <b>x</b> <br>', '<p>&amp; <b>x</b> <br></p>'],
  ['`` a`b ``', '<p><code>a`b</code></p>'],
])('reads %j', (text, expected) => {
  expect(draw(parseMarkdown(text))).toBe(expected)
})

test.each([
  ['- a\n- b\nc', '<list><li><p>a</p></li><li><p>b</p></li></list><p>c</p>'],
  ['3. a\n   more\n4. b', '<list 3><li><p>a\nmore</p></li><li><p>b</p></li></list>'],
  ['1. a\n   - b', '<list 1><li><p>a</p><list><li><p>b</p></li></list></li></list>'],
  ['> q\n> r\nanswer', '<quote><p>q\nr</p></quote><p>answer</p>'],
  ['> a\n> > b', '<quote><p>a</p><quote><p>b</p></quote></quote>'],
  ['> *a\n> b*', '<quote><p><italic>a\nb</italic></p></quote>'],
  ['```js x\na\n  b\n```\nc', '<pre js>a\n  b</pre><p>c</p>'],
  ['~~~\na', '<pre >a</pre>'],
  ['> ```\n> a\n>  b\n> ```', '<quote><pre >a\n b</pre></quote>'],
  ['```\n```', '<p>```\n```</p>'],
  ['look:\n```\na\n```', '<p>look:</p><pre >a</pre>'],
])('reads the blocks of %j', (text, expected) => {
  expect(draw(parseMarkdown(text))).toBe(expected)
})

test.each([
  ['[x](https://a.example/b)', '<p><a https://a.example/b>x</a></p>'],
  ['[*x*](<https://a.example> "title")', '<p><a https://a.example/><italic>x</italic></a></p>'],
  ['[x](https://a.example/(b))', '<p><a https://a.example/(b)>x</a></p>'],
  ['https://a.example/b_c_d*e*', '<p><a https://a.example/b_c_d*e>https://a.example/b_c_d*e</a>*</p>'],
  ['**https://a.example**', '<p><bold><a https://a.example/>https://a.example</a></bold></p>'],
  ['<https://a.example/>.', '<p><a https://a.example/>https://a.example/</a>.</p>'],
  ['[a.example](https://a.example/)', '<p><a https://a.example/>a.example</a></p>'],
  ['[bank.example](https://evil.example/)', '<p><a https://evil.example/ goes to evil.example>bank.example</a></p>'],
  [
    '[x](https://bank.example@evil.example/)',
    '<p><a https://bank.example@evil.example/ goes to evil.example>x</a></p>',
  ],
  ['[x](https://аpple.com/)', '<p><a https://xn--pple-43d.com/ goes to xn--pple-43d.com>x</a></p>'],
  ['[x](javascript:alert(1)) [y](//a.example)', '<p>[x](javascript:alert(1)) [y](//a.example)</p>'],
  ['[x](java\nscript:alert(1))', '<p>[x](java\nscript:alert(1))</p>'],
  [
    '[a [b](https://x.example/) c](https://y.example/)',
    '<p>[a <a https://x.example/>b</a> c](<a https://y.example/>https://y.example/</a>)</p>',
  ],
  ['![x](https://a.example/)', '<p>!<a https://a.example/>x</a></p>'],
  ['[](https://a.example/)', '<p>[](<a https://a.example/>https://a.example/</a>)</p>'],
  ['sam@a.example `https://a.example`', '<p>sam@a.example <code>https://a.example</code></p>'],
])('reads the links of %j', (text, expected) => {
  expect(draw(parseMarkdown(text))).toBe(expected)
})

test.each([
  ['@sam, @here. @all', '<p><@sam>, <@here>. <@all></p>'],
  ['_@sam_ **@ann.b**', '<p><italic><@sam></italic> <bold><@ann.b></bold></p>'],
  ['#general #[Weekend plans] @[bob_]', '<p><#general> <#Weekend plans> <@bob_></p>'],
  ['`@sam` me@sam.example a/@sam \\@sam @', '<p><code>@sam</code> me@sam.example a/@sam @sam @</p>'],
  [':tada: :+1: 10:30:45 a:b:c', '<p><:tada:> <:+1:> 10:30:45 a:b:c</p>'],
  [':white_check_mark:', '<p><:white_check_mark:></p>'],
])('reads the mentions and shortcodes of %j', (text, expected) => {
  expect(draw(parseMarkdown(text))).toBe(expected)
})

test.each([
  ['**Hi** @sam, see [the notes](https://a.example)', 'Hi @sam, see the notes'],
  ['> quoted\n\nanswer', 'quoted answer'],
  ['```js\nlet a = 1\n```', 'let a = 1'],
  ['1. one\n2. two', '1. one 2. two'],
  ['- one\n- two', '• one • two'],
  ['in #[Weekend plans]', 'in #Weekend plans'],
])('%j in one line is %j', (text, expected) => {
  expect(toPlainText(text)).toBe(expected)
})

test('what nobody writes to be read stays text', () => {
  for (const text of [
    '>'.repeat(60),
    '- '.repeat(60),
    '*a'.repeat(1_001),
    '['.repeat(2_000),
    `${'a '.repeat(13_000)}**b**`,
  ]) {
    expect(isTooTangled(text)).toBe(true)
    expect(draw(parseMarkdown(text))).toBe(`<p>${text}</p>`)
  }
  expect(isTooTangled('> > > a\n- - b\n1. 2. c')).toBe(false)
  expect(isTooTangled('**bold** '.repeat(240))).toBe(false)
})

test('nothing is deeper than React and the eye can follow', () => {
  const depthOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0
    return 1 + Math.max(0, ...Object.values(value).map(depthOf))
  }
  for (const text of Object.values(hostileTexts)) expect(depthOf(parseMarkdown(text))).toBeLessThan(400)
})
