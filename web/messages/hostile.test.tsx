import { render, screen, within } from '@testing-library/react'
import { beforeAll, expect, test, vi } from 'vitest'
import type { MessageView } from '@grandchat/client'
import { ClientProvider } from '../client-context.tsx'
import { loadMarkdown } from '../markdown/load.ts'
import { createFakeClient } from '../testing/fake-client.ts'
import { noneAttached } from '../testing/fake-room.ts'
import { hostileTexts } from '../testing/hostile.ts'
import { person } from '../testing/people.ts'
import { findComposer, renderApp } from '../testing/render-app.tsx'
import { itemsOf } from './items.ts'
import { MessageItem } from './message-item.tsx'

/** Whose messages these are not. */
const client = createFakeClient()
const created_at = '2026-11-20T12:00:00.000000Z'

function row(content: string, change: Partial<MessageView> = {}): MessageView {
  const base = {
    id: 1,
    room_id: 1,
    thread_id: 0,
    system: null,
    reply_to: null,
    forwarded: null,
    mentions: null,
    seq: 1,
    version: 1,
    kind: 'user' as const,
    user: person('sam'),
    content,
    created_at,
  }
  return { ...base, ...noneAttached, client_message_id: null, edited_at: null, deleted_at: null, ...change }
}

function renderRow(message: MessageView): HTMLElement {
  const [item] = itemsOf({ messages: [message], pending: [], dividerAfterSeq: null, hasOlder: false }, { viewerId: 99 })
  if (!item) throw new Error('There is no item')
  const { container } = render(
    <ClientProvider value={client}>
      <MessageItem item={item} roomId={1} />
    </ClientProvider>,
  )
  return container
}

beforeAll(async () => {
  await Promise.all([loadMarkdown(), client.session.start()])
})

const active =
  'script, img:not([alt]), iframe, object, embed, form, input, style, link, meta, base, [onerror], [onload], [onclick]'

test.each(Object.entries(hostileTexts))('%s is shown as text and does nothing', (_, text) => {
  const container = renderRow(row(text))
  const shown = container.querySelector('[data-text]')
  const said = shown?.textContent.replaceAll(/ \(goes to [^)]*\)/g, '') ?? ''
  expect(isWithin(withoutMarks(said), withoutMarks(text))).toBe(true)
  // What markup may take away: signs, where a link leads, the language of code.
  const isKept = !/```|~~~|\]\(<?https/.test(text)
  if (isKept) expect(withoutMarks(said)).toBe(withoutMarks(text))
  expect(shown?.querySelector(active)).toBeNull()
  expect(container.querySelector('[id]')).toBeNull()
  for (const link of container.querySelectorAll('a')) {
    expect(link.protocol).toMatch(/^(?:https?|mailto):$/)
    expect(link.rel).toBe('noopener noreferrer')
    expect(link.target).toBe('_blank')
    expect(link.getAttributeNames().filter((name) => !/^(?:href|target|rel|dir|title|class)$/.test(name))).toEqual([])
  }
})

/** Letters and signs that no markup takes away. */
function withoutMarks(text: string): string {
  return text.replaceAll(/[\s*_~`>#\\•+.-]|Show (?:more|all \d+ lines)|Copied/g, '')
}

/** Are these the characters of the text in their order, though not all of them? */
function isWithin(said: string, text: string): boolean {
  let at = 0
  for (const char of text) if (said.startsWith(char, at)) at += char.length
  return at === said.length
}

test.each(Object.entries(hostileTexts))('%s as a name is text everywhere', (_, text) => {
  const name = text.slice(0, 200)
  const container = renderRow(row('hello', { user: { id: 7, username: 'x', display_name: name } }))
  expect(container.querySelector(active)).toBeNull()
  expect(container.querySelector('bdi')?.textContent).toBe(name.trim())
})

test('a link that hides where it leads says it', () => {
  const container = renderRow(row('https://bank.example@evil.example/'))
  expect(container.textContent).toContain('(goes to evil.example)')
})

test('a long message is cut and can be opened', () => {
  const container = renderRow(row('a'.repeat(5_000)))
  const more = screen.getByRole('button', { name: 'Show more' })
  expect(more.getAttribute('aria-expanded')).toBe('false')
  expect(container.querySelector('.clamped')?.textContent).toHaveLength(5_000)
})

test('a message that cannot be drawn breaks its own row only', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const crafted = { ...row('x'), user: { id: 7, username: undefined, display_name: null } } as unknown as MessageView
  const container = renderRow(crafted)
  expect(container.textContent).toContain('This message cannot be shown.')
})

test('a room named in markup is text in the list, the header and the title', async () => {
  await renderApp('/rooms/8', 'hostile')
  await findComposer()
  expect(screen.getByRole('heading', { level: 1 }).textContent).toMatch(/^<img src=x onerror=alert\(1\)>/)
  expect(document.title).toContain('<img src=x onerror=alert(1)>')
  expect(document.querySelector(`:is(${active}):not([type=search])`)?.outerHTML ?? '').toMatch(/^$|^<form class/)
  const messages = screen.getByRole('region', { name: /^Messages in/ })
  expect(within(messages).getAllByRole('article').length).toBeGreaterThan(0)
})
