import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { findComposer, renderApp } from './testing/render-app.tsx'

const type = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }))

test('somebody signs in and sees their rooms, newest first', async () => {
  const client = await renderApp('/', 'signed_out')
  await screen.findByRole('heading', { name: 'Sign in to GrandChat' })
  type('Username', 'maya')
  type('Password', 'a good password')
  press('Sign in')
  const list = await screen.findByRole('list', { name: 'Your rooms' })
  const ids = within(list)
    .getAllByRole('link')
    .map((link) => Number(link.dataset.roomId))
  expect(ids).toEqual(client.rooms.list.get().rooms.map((room) => room.id))
})

test('a wrong password is said, and nothing about which of the two was wrong', async () => {
  await renderApp('/', 'signed_out')
  await screen.findByRole('heading', { name: 'Sign in to GrandChat' })
  type('Username', 'maya')
  type('Password', 'wrong password')
  press('Sign in')
  expect((await screen.findByText('Username or password is wrong.')).closest('[role=alert]')).not.toBeNull()
})

test('the first visitor sets the server up, with the printed code where it is needed', async () => {
  await renderApp('/', 'set_up_code')
  await screen.findByRole('heading', { name: 'Set up GrandChat' })
  type('Username', 'all')
  type('Password', 'short')
  press('Make my account')
  expect(screen.getByText('This name is reserved. Choose another.')).toBeTruthy()
  expect(screen.getByText('Use at least 8 characters.')).toBeTruthy()
  expect(screen.getByText('Enter the code.')).toBeTruthy()
  type('Username', 'ann')
  type('Password', 'a good password')
  type('One-time code', '1234')
  press('Make my account')
  await screen.findByRole('list', { name: 'Your rooms' })
})

test('an invite leads to an account, and a used one says so', async () => {
  await renderApp('/invite/abc', 'signed_out')
  await screen.findByText('Priya Raman invited you. Choose a name and a password to come in.')
  type('Username', 'sam')
  type('Password', 'a good password')
  press('Join')
  await screen.findByText('Somebody has this name already. Choose another.')
  type('Username', 'nina')
  press('Join')
  await screen.findByRole('list', { name: 'Your rooms' })
  expect(location.pathname).toBe('/')
})

test('an invite that no longer works says what to do', async () => {
  await renderApp('/invite/used', 'signed_out')
  await screen.findByRole('heading', { name: 'This invite no longer works' })
})

test('a server that does not answer is tried again', async () => {
  await renderApp('/', 'unreachable')
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeTruthy()
})

test('only an owner is offered to invite people and to add accounts', async () => {
  await renderApp('/', 'member')
  press(/^Your account/)
  await screen.findByRole('menuitem', { name: 'Sign out' })
  expect(screen.queryByRole('menuitem', { name: 'Invite people' })).toBeNull()
  expect(screen.queryByRole('menuitem', { name: 'Add an account' })).toBeNull()
  cleanup()
  await renderApp('/', 'team')
  press(/^Your account/)
  expect(await screen.findByRole('menuitem', { name: 'Invite people' })).toBeTruthy()
  expect(screen.getByRole('menuitem', { name: 'Add an account' })).toBeTruthy()
})

test('somebody without rooms is told what to do first', async () => {
  await renderApp('/', 'first_use')
  await screen.findByRole('heading', { name: 'Welcome to GrandChat' })
  press('New room')
  const dialog = await screen.findByRole('dialog', { name: 'Create a room' })
  fireEvent.click(within(dialog).getByRole('button', { name: 'Create room' }))
  await within(dialog).findByText('Give the room a name.')
  fireEvent.change(within(dialog).getByLabelText('Name'), { target: { value: 'plans' } })
  fireEvent.click(within(dialog).getByRole('button', { name: 'Create room' }))
  await screen.findByRole('heading', { level: 1, name: 'plans' })
  expect(location.pathname).toMatch(/^\/rooms\/\d+$/)
})

test('somebody who was invited is led to the rooms there are, and offered nothing that is refused', async () => {
  await renderApp('/', 'invited')
  await screen.findByRole('heading', { name: 'Welcome to GrandChat' })
  expect(screen.queryByRole('button', { name: 'Invite people' })).toBeNull()
  fireEvent.click(screen.getAllByRole('button', { name: 'Discover rooms' })[0]!)
  await screen.findByRole('heading', { level: 1, name: 'Discover rooms' })
})

test('a link to a room that is not one’s own offers to join it', async () => {
  await renderApp('/rooms/50')
  await screen.findByRole('heading', { name: "You're not in this room" })
  press('Join the room')
  await findComposer()
})

test('a link to no room says that it may be private', async () => {
  await renderApp('/rooms/4242')
  await screen.findByRole('heading', { name: "You're not in this room" })
  press('Join the room')
  await screen.findByText('There is no such room, or it is private.')
})

test('a room that is taken away gives way to the way in', async () => {
  const client = await renderApp('/rooms/2')
  await findComposer()
  act(() => client.fake.removeRoom(2))
  await screen.findByRole('heading', { name: "You're not in this room" })
})

test('rooms are found by name, joined and left in their row', async () => {
  await renderApp('/discover')
  fireEvent.change(await screen.findByRole('searchbox'), { target: { value: 'cyc' } })
  await screen.findByText('1 room found')
  press('Join cycling')
  press(await screen.findByRole('button', { name: 'Leave cycling' }).then(() => 'Leave cycling'))
  await screen.findByRole('button', { name: 'Join cycling' })
  expect(await screen.findByText('You left cycling.')).toBeTruthy()
})

test('a search without result offers to make the room', async () => {
  await renderApp('/discover')
  fireEvent.change(await screen.findByRole('searchbox'), { target: { value: 'zebra' } })
  await screen.findByRole('heading', { name: 'No room called “zebra”' })
  press('Create a room')
  const dialog = await screen.findByRole('dialog', { name: 'Create a room' })
  expect(within(dialog).getByLabelText<HTMLInputElement>('Name').value).toBe('zebra')
})

test('members stand with their roles, those with a duty first', async () => {
  await renderApp('/rooms/1/members')
  const panel = await screen.findByRole('complementary', { name: 'Members' })
  const rows = await within(panel).findAllByRole('listitem')
  expect(rows[0]?.textContent).toMatch(/Maya Okafor.*you.*Owner/)
  expect(rows[1]?.textContent).toMatch(/Jonas Lindqvist.*Admin/)
  fireEvent.keyDown(panel, { key: 'Escape' })
  await waitFor(() => expect(location.pathname).toBe('/rooms/1'))
})

test('the state of the connection is a word, and explained while something is wrong', async () => {
  const client = await renderApp('/rooms/1')
  await findComposer()
  expect(screen.getByText('Connected')).toBeTruthy()
  act(() => client.fake.setConnection('offline'))
  expect(screen.getByText('Offline')).toBeTruthy()
  expect(screen.getByText("You're offline. Messages you write are sent when you're back.")).toBeTruthy()
  act(() => client.fake.setConnection('polling'))
  expect(screen.getByText('Slow updates')).toBeTruthy()
})

test('Alt and the arrows walk through the rooms', async () => {
  const client = await renderApp('/')
  await screen.findByRole('list', { name: 'Your rooms' })
  const ids = client.rooms.list.get().rooms.map((room) => room.id)
  fireEvent.keyDown(window, { key: 'ArrowDown', altKey: true })
  expect(location.pathname).toBe(`/rooms/${ids[0]}`)
  fireEvent.keyDown(window, { key: 'ArrowDown', altKey: true })
  expect(location.pathname).toBe(`/rooms/${ids[1]}`)
  fireEvent.keyDown(window, { key: 'ArrowUp', altKey: true })
  expect(location.pathname).toBe(`/rooms/${ids[0]}`)
})

test('signing out asks only when words would be lost', async () => {
  const client = await renderApp('/rooms/1', 'offline')
  await findComposer()
  act(() => void client.messages.send(1, 'not yet sent'))
  fireEvent.click(await screen.findByRole('button', { name: 'Your account: Maya Okafor' }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }))
  const dialog = await screen.findByRole('dialog', { name: 'Sign out with unsent messages?' })
  within(dialog).getByText(/^1 message has not been sent yet/)
  fireEvent.click(within(dialog).getByRole('button', { name: 'Sign out and lose them' }))
  await screen.findByRole('heading', { name: 'Sign in to GrandChat' })
})

test('a refused message is found although its room is gone', async () => {
  const client = await renderApp('/rooms/1')
  await findComposer()
  client.fake.sends = 'not_found'
  act(() => void client.messages.send(1, 'written for a room that is gone'))
  await screen.findByText(/^Not sent/)
  expect(screen.queryByRole('button', { name: '1 message not sent' })).toBeNull()
  act(() => client.fake.removeRoom(1))
  fireEvent.click(await screen.findByRole('button', { name: '1 message not sent' }))
  const dialog = await screen.findByRole('dialog', { name: 'Messages that were not sent' })
  within(dialog).getByText('written for a room that is gone')
  fireEvent.click(within(dialog).getByRole('button', { name: 'Delete' }))
  await within(dialog).findByText('None are left.')
  expect(screen.queryByRole('button', { name: '1 message not sent' })).toBeNull()
})

test('closing the page asks only where the browser could not store what was written', async () => {
  const client = await renderApp('/rooms/1', 'offline')
  await findComposer()
  act(() => void client.messages.send(1, 'not yet sent'))
  const isAsked = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
  expect(isAsked()).toBe(false)
  const [pending] = client.messages.unsent.get()
  if (!pending) throw new Error('nothing is pending')
  act(() => client.fake.setTimeline(1, { pending: [{ ...pending, isKept: false }] }))
  expect(isAsked()).toBe(true)
})

test('whom another tab signed in finds nothing that the person before began', async () => {
  const client = await renderApp('/rooms/2')
  fireEvent.change(await findComposer(), { target: { value: 'not for others' } })
  await act(() => client.session.signIn('sam', 'a good password'))
  expect(await findComposer()).toHaveProperty('value', '')
})
