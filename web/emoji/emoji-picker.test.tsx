import { fireEvent, render, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import EmojiPicker from './emoji-picker.tsx'
import { skinTone } from './skin-tone.ts'

async function open() {
  const onPick = vi.fn<(emoji: string) => void>()
  const onClose = vi.fn<() => void>()
  render(<EmojiPicker onPick={onPick} onClose={onClose} />)
  const picker = await screen.findByRole('dialog', { name: 'Choose an emoji' })
  const grid = await within(picker).findByRole('grid')
  return { onPick, onClose, picker, grid }
}

const search = () => screen.getByRole('searchbox', { name: 'Find an emoji' })

test('a press picks an emoji and shows it first the next time', async () => {
  const { onPick, grid } = await open()
  fireEvent.click(await within(grid).findByRole('gridcell', { name: 'grinning face' }))
  expect(onPick).toHaveBeenCalledWith('😀')
  expect(localStorage.getItem('recent-emoji')).toMatch(/^😀/u)
})

test('Enter in the search picks the nearest', async () => {
  const { onPick, picker } = await open()
  fireEvent.change(search(), { target: { value: 'tada' } })
  await within(picker).findByText('Found')
  fireEvent.keyDown(search(), { key: 'Enter' })
  expect(onPick).toHaveBeenCalledWith('🎉')
})

test('says so when nothing is called that', async () => {
  await open()
  fireEvent.change(search(), { target: { value: 'qwxz' } })
  expect(await screen.findByText('No emoji is called that.')).toBeTruthy()
})

test('arrows lead through the grid, one cell is a stop of the Tab key', async () => {
  const { grid } = await open()
  fireEvent.change(search(), { target: { value: 'heart' } })
  await within(grid).findByText('Found')
  fireEvent.keyDown(search(), { key: 'ArrowDown' })
  const place = () => {
    const cell = document.activeElement
    const row = cell?.closest('[role="row"]')
    return [row?.getAttribute('aria-rowindex'), cell?.getAttribute('aria-colindex')]
  }
  expect(place()).toEqual(['1', '1'])
  fireEvent.keyDown(grid, { key: 'ArrowRight' })
  expect(place()).toEqual(['1', '2'])
  fireEvent.keyDown(grid, { key: 'ArrowDown' })
  expect(place()).toEqual(['2', '2'])
  fireEvent.keyDown(grid, { key: 'Home' })
  fireEvent.keyDown(grid, { key: 'ArrowLeft' })
  expect(place()).toEqual(['1', '9'])
  const stops = within(grid)
    .getAllByRole('gridcell')
    .filter((cell) => cell.tabIndex === 0)
  expect(stops).toEqual([document.activeElement])
})

test('a skin tone holds for what is picked', async () => {
  const { onPick, picker, grid } = await open()
  fireEvent.click(within(picker).getByRole('button', { name: 'Skin tone: None' }))
  fireEvent.click(within(picker).getByRole('radio', { name: 'Dark' }))
  fireEvent.change(search(), { target: { value: 'wave' } })
  fireEvent.click((await within(grid).findAllByRole('gridcell', { name: 'waving hand' }))[0] ?? grid)
  expect(onPick).toHaveBeenCalledWith('👋🏿')
  skinTone.set(0)
})

test('Escape closes it', async () => {
  const { onClose } = await open()
  fireEvent.keyDown(search(), { key: 'Escape' })
  expect(onClose).toHaveBeenCalled()
})
