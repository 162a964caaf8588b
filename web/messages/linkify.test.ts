import { expect, test } from 'vitest'
import { hostileTexts } from '../testing/hostile.ts'
import { linkify } from './linkify.ts'

const hrefs = (text: string) => linkify(text).flatMap((part) => part.href ?? [])

test.each([
  ['see https://example.org', ['https://example.org/']],
  ['https://example.org/a?b=c#d, and more', ['https://example.org/a?b=c#d']],
  ['(https://example.org/wiki/Room_(chat))', ['https://example.org/wiki/Room_(chat)']],
  ['“https://example.org/x”.', ['https://example.org/x']],
  ['HTTP://EXAMPLE.ORG and mailto:ann@example.org', ['http://example.org/', 'mailto:ann@example.org']],
  ['https://a.example\nhttps://b.example', ['https://a.example/', 'https://b.example/']],
  ['xhttps://example.org', []],
  ['https:// and mailto: and mailto:nobody', []],
  ['javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd ftp://x.example', []],
])('finds the addresses in %j', (text, expected) => {
  expect(hrefs(text)).toEqual(expected)
})

test('shows a link exactly as it was written', () => {
  const text = 'before https://example.org/%41?q=1 after'
  const parts = linkify(text)
  expect(parts.map((part) => part.text).join('')).toBe(text)
  expect(parts[1]?.text).toBe('https://example.org/%41?q=1')
})

test.each([
  ['https://accounts.example.com@evil.example/login', 'evil.example'],
  ['https://user:secret@evil.example:8443/', 'evil.example:8443'],
  ['https://аpple.com/', 'xn--pple-43d.com'],
  ['https://xn--pple-43d.com/', 'xn--pple-43d.com'],
  ['https://evil.example\\@good.example/', undefined],
])('says where %j really leads', (text, host) => {
  expect(linkify(text)[0]?.host).toBe(host)
})

test('an address ends where text would turn round', () => {
  expect(linkify('https://example.org/\u202Egnp.exe')[0]?.text).toBe('https://example.org/')
})

test.each(Object.entries(hostileTexts))('%s makes no link but to http, https and mailto', (_, text) => {
  for (const href of hrefs(text)) expect(href).toMatch(/^(?:https?:\/\/|mailto:)/)
  expect(
    linkify(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text)
})

test('work grows with the text, not with its square', () => {
  const worst = (length: number) => [
    'http://'.repeat(length / 7),
    `https://example.org/${'('.repeat(length)}`,
    `https://example.org/${')'.repeat(length)}`,
    `https://example.org/${'.'.repeat(length)}`,
    'mailto:'.repeat(length / 7),
  ]
  const steps = (text: string) => linkify(text).length
  for (const text of worst(210_000)) expect(steps(text)).toBeLessThan(text.length)
})
