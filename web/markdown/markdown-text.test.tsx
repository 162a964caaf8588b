import { fireEvent, render, screen, within } from '@testing-library/react'
import { beforeAll, expect, test, vi } from 'vitest'
import { loadEmoji } from '../emoji/emoji.ts'
import { MessageText } from '../messages/message-text.tsx'
import { loadMarkdown } from './load.ts'
import { NamesProvider } from './names.ts'
import type { Names } from './names.ts'

const names: Names = {
  findUser: (name) =>
    ({ sam: { name: 'Sam Rivera', isMe: true }, ann: { name: 'ann', isMe: false } })[name.toLowerCase()],
  findRoom: (name) => (name.toLowerCase() === 'weekend plans' ? { id: 7, name: 'Weekend plans' } : undefined),
}

function draw(text: string, id = 'one'): HTMLElement {
  const { container } = render(
    <NamesProvider value={names}>
      <MessageText text={text} id={id} />
    </NamesProvider>,
  )
  return container
}

test('until the parser is here, a message is the text that was typed', async () => {
  const container = draw('**bold** and https://a.example/')
  expect(container.textContent).toBe('**bold** and https://a.example/')
  expect(await screen.findByText('bold')).toHaveProperty('tagName', 'STRONG')
})

beforeAll(loadEmoji)

test('people and rooms are named, what nobody is called stays text', async () => {
  await loadMarkdown()
  const container = draw('@Sam @ann @nobody @here #[weekend plans] #none')
  expect([...container.querySelectorAll('.mention')].map((chip) => chip.textContent)).toEqual([
    '@Sam Rivera',
    '@ann',
    '@here',
    '#Weekend plans',
  ])
  expect(screen.getByText('@Sam Rivera').closest('[data-me]')).toBeTruthy()
  expect(screen.getByRole('link', { name: '#Weekend plans' }).getAttribute('href')).toBe('/rooms/7')
  expect(container.textContent).toContain('@nobody')
  expect(container.textContent).toContain('#none')
})

test.each([
  ['🎉', true],
  ['👍🏽 🏳️‍🌈 🇪🇺', true],
  [':tada:', true],
  [':tada: :rocket:', true],
  ['🎉🎉🎉🎉', false],
  ['🎉 yes', false],
  ['**🎉**', false],
  ['12', false],
])('%s is large: %s', async (text, isLarge) => {
  await loadMarkdown()
  expect(draw(text).querySelector('.large-emoji') !== null).toBe(isLarge)
})

test('long code folds, and is copied whole', async () => {
  await loadMarkdown()
  const writeText = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve())
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator) as Navigator, { clipboard: { writeText } }))
  const code = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n')
  const container = draw(`\`\`\`\n${code}\n\`\`\``, 'two')
  const box = container.querySelector('pre')
  expect(box?.hasAttribute('data-folded')).toBe(true)
  fireEvent.click(within(container).getByRole('button', { name: 'Copy the code' }))
  expect(await within(container).findByRole('button', { name: 'Copied' })).toBeTruthy()
  expect(writeText).toHaveBeenCalledWith(code)
  fireEvent.click(within(container).getByRole('button', { name: 'Show all 40 lines' }))
  expect(box?.hasAttribute('data-folded')).toBe(false)
  vi.unstubAllGlobals()
})

test('a long message is cut, and stays open once it was opened', async () => {
  await loadMarkdown()
  const text = Array.from({ length: 40 }, (_, line) => `- item ${line}`).join('\n')
  const first = draw(text, 'three')
  expect(first.querySelector('.cut')).toBeTruthy()
  fireEvent.click(within(first).getByRole('button', { name: 'Show more' }))
  expect(first.querySelector('.cut')).toBeNull()
  expect(draw(text, 'three').querySelector('.cut')).toBeNull()
})
