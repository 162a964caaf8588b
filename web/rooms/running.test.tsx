import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { findComposer, renderApp } from '../testing/render-app.tsx'

/** In the scene Maya owns room 1 and is a member of room 2. */
const [own, other] = [1, 2]

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }))
const listed = (list: string) =>
  within(screen.getByRole('list', { name: list }))
    .getAllByRole('link')
    .map((link) => link.dataset.roomId)

async function openMenu(name: string | RegExp): Promise<HTMLElement> {
  fireEvent.click(await screen.findByRole('button', { name }))
  return screen.findByRole('menu')
}

test('direct messages stand in a list of their own, called by who is in them, and archived rooms are out of the way', async () => {
  const client = await renderApp('/')
  await screen.findByRole('list', { name: 'Your rooms' })
  expect(screen.queryByRole('heading', { name: 'Direct messages' })).toBeNull()
  let roomId = 0
  await act(async () => void (roomId = (await client.rooms.openDirect([2, 3])).id))
  expect(listed('Direct messages')).toEqual([String(roomId)])
  expect(screen.getByRole('link', { name: 'Jonas Lindqvist, Priya Raman' })).toBeTruthy()
  expect(listed('Your rooms')).toContain(String(other))
  await act(() => client.rooms.archive(other))
  expect(listed('Your rooms')).not.toContain(String(other))
})

test('people are chosen by typing, Backspace takes the last back, and nothing opens without anybody', async () => {
  await renderApp('/')
  fireEvent.click(await screen.findByRole('button', { name: 'New message' }))
  const field = await screen.findByRole('textbox', { name: 'Find people by name' })
  press('Open')
  expect(await screen.findByText('Choose somebody first.')).toBeTruthy()
  const choose = async (written: string, name: string) => {
    fireEvent.change(field, { target: { value: written } })
    await waitFor(() =>
      expect(within(screen.getByRole('list', { name: 'People found' })).getAllByRole('button')).toHaveLength(1),
    )
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(await screen.findByRole('button', { name: `Remove ${name}` })).toBeTruthy()
  }
  await choose('sam', 'sam')
  await choose('jonas', 'Jonas Lindqvist')
  fireEvent.keyDown(field, { key: 'Backspace' })
  expect(screen.queryByRole('button', { name: 'Remove Jonas Lindqvist' })).toBeNull()
  press('Open')
  expect(await screen.findByRole('heading', { name: 'sam', level: 1 })).toBeTruthy()
})

test('who runs a room changes its name where it stands, and Escape leaves it as it was', async () => {
  await renderApp(`/rooms/${own}/details`)
  fireEvent.click(await screen.findByRole('button', { name: 'Change the name' }))
  const field = screen.getByRole('textbox', { name: 'Name' })
  fireEvent.change(field, { target: { value: 'something' } })
  fireEvent.keyDown(field, { key: 'Escape' })
  expect(screen.getByRole('complementary', { name: 'Room details' })).toBeTruthy()
  press('Change the name')
  expect(screen.getByRole('textbox', { name: 'Name' })).toHaveProperty('value', 'design')
  fireEvent.change(screen.getByRole('textbox', { name: 'Name' }), { target: { value: 'Design and type' } })
  press('Save')
  expect(await screen.findByRole('heading', { name: 'Design and type', level: 1 })).toBeTruthy()
})

test('who does not run a room reads what it is, and is offered nothing else', async () => {
  await renderApp(`/rooms/${other}/details`)
  const panel = await screen.findByRole('complementary', { name: 'Room details' })
  expect(within(panel).getByText('Announcements and small talk')).toBeTruthy()
  expect(within(panel).queryByRole('radio')).toBeNull()
  expect(within(panel).getAllByRole('button')).toHaveLength(1)
  const menu = await openMenu('Room menu')
  expect(within(menu).queryByText('Archive room')).toBeNull()
  expect(within(menu).getByText('Add people')).toBeTruthy()
})

test('where only admins write, they have a composer and the others a sentence', async () => {
  const client = await renderApp(`/rooms/${other}`)
  await findComposer()
  await act(() => client.rooms.update(other, { posting: 'admins' }))
  expect(screen.queryByRole('textbox', { name: /^Message to/ })).toBeNull()
  expect(screen.getByText('Only admins write in this room.')).toBeTruthy()
})

test('an archived room says so instead of a composer, and its owner opens it again', async () => {
  const client = await renderApp(`/rooms/${own}`)
  await findComposer()
  const menu = await openMenu('Room menu')
  fireEvent.click(within(menu).getByText('Archive room'))
  expect(await screen.findByText(/This room is archived/)).toBeTruthy()
  expect(screen.queryByRole('textbox', { name: /^Message to/ })).toBeNull()
  const place = screen.getByText(/This room is archived/).parentElement!
  fireEvent.click(within(place).getByRole('button', { name: 'Restore' }))
  await findComposer()
  await act(() => client.rooms.archive(other))
})

test('who is removed can be added again by the same hand, in the same role', async () => {
  const client = await renderApp(`/rooms/${own}/members`)
  const menu = await openMenu('What to do about Jonas Lindqvist')
  fireEvent.click(within(menu).getByText('Remove from room'))
  const jonas = () =>
    client.members
      .list(own)
      .get()
      .members.find(({ user }) => user.username === 'jonas')
  await waitFor(() => expect(jonas()).toBeUndefined())
  fireEvent.click(await screen.findByRole('button', { name: 'Add again' }))
  await waitFor(() => expect(jonas()?.role).toBe('admin'))
})

test('who is in a room already cannot be chosen to be added', async () => {
  const client = await renderApp(`/rooms/${own}/members`)
  fireEvent.click(await screen.findByRole('button', { name: 'Add people' }))
  const found = await screen.findByRole('list', { name: 'People found' })
  const jonas = await within(found).findByRole('button', { name: /Jonas Lindqvist.*Already here/ })
  fireEvent.click(jonas)
  expect(screen.queryByRole('button', { name: 'Remove Jonas Lindqvist' })).toBeNull()
  fireEvent.click(within(found).getByRole('button', { name: /佐藤 花/ }))
  press('Add')
  await waitFor(() =>
    expect(
      client.members
        .list(own)
        .get()
        .members.some(({ user }) => user.username === 'hana'),
    ).toBe(true),
  )
})

test('nobody leaves a direct room or adds to it', async () => {
  const client = await renderApp('/')
  await screen.findByRole('list', { name: 'Your rooms' })
  await act(async () => void (await client.rooms.openDirect([2])))
  fireEvent.click(screen.getByRole('link', { name: 'Jonas Lindqvist' }))
  const menu = await openMenu('Room menu')
  expect(within(menu).getByText('Room details')).toBeTruthy()
  for (const item of ['Leave room', 'Add people', 'Archive room']) expect(within(menu).queryByText(item)).toBeNull()
})

test('whoever is the last in a private or archived room is told before leaving that nobody can come back', async () => {
  const client = await renderApp(`/rooms/${own}`)
  await findComposer()
  const warning = async () => {
    fireEvent.click(within(await openMenu('Room menu')).getByText('Leave room'))
    const dialog = await screen.findByRole('dialog')
    const text = dialog.textContent
    fireEvent.click(within(dialog).getByText('Cancel'))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    return text
  }
  await act(() => client.rooms.archive(own))
  expect(await warning()).toContain('nobody can join it until it is restored')
  act(() => client.fake.changeRoom(own, { member_count: 1 }))
  expect(await warning()).toContain('nobody can open it again')
})
