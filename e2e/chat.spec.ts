import { drawScreen } from './check-screen.ts'
import { expect, passwordOf, test } from './journey.ts'

test('set up, invite, join, chat both ways, leave', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await expect(bob.page.getByRole('heading', { name: 'General', level: 1 })).toBeVisible()
  await expect(owner.page.getByRole('button', { name: '2 members' })).toBeVisible()

  await owner.send('Hello Bob')
  await expect(bob.message('Hello Bob')).toBeVisible()
  await bob.send('Hello Olga, see https://example.com')
  await expect(owner.message('Hello Olga')).toBeVisible()
  const link = owner.message('Hello Olga').getByRole('link', { name: 'https://example.com' })
  await expect(link).toHaveAttribute('rel', /noopener/)

  await bob.page.getByRole('button', { name: 'Room menu' }).click()
  await bob.page.getByRole('menuitem', { name: /Leave/ }).click()
  await expect(bob.room('General')).toHaveCount(0)
  await expect(owner.page.getByRole('button', { name: '1 member' })).toBeVisible()
})

test('a message is unread in another room until that room is opened', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.createRoom('Elsewhere')
  await owner.send('Are you there?')
  await expect(bob.room('General')).toContainText('Are you there?')
  await expect(bob.room('General')).toHaveAccessibleName(/1 unread/)
  await bob.room('General').click()
  await expect(bob.message('Are you there?')).toBeVisible()
  await expect(bob.room('General')).not.toHaveAccessibleName(/unread/)
})

test('what is written offline is sent once when the network is back', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.page.context().setOffline(true)
  await bob.send('written in a tunnel')
  await expect(bob.message('written in a tunnel')).toBeVisible()
  await owner.send('sent meanwhile')
  await expect(owner.message('written in a tunnel')).toHaveCount(0)
  await drawScreen(bob.page, 'without a network')
  await bob.page.context().setOffline(false)
  await expect(owner.message('written in a tunnel')).toHaveCount(1)
  await expect(bob.message('sent meanwhile')).toHaveCount(1)
  await expect(bob.message('written in a tunnel')).toHaveCount(1)
})

test('two tabs of one user show the same', async ({ owner }) => {
  const second = await owner.page.context().newPage()
  await second.goto(owner.page.url())
  await owner.send('from the first tab')
  await expect(second.getByRole('article').filter({ hasText: 'from the first tab' })).toHaveCount(1)
  const composer = second.getByRole('textbox', { name: /^Message to / })
  await composer.fill('from the second tab')
  await composer.press('Enter')
  await expect(owner.message('from the second tab')).toHaveCount(1)
})

test('a server that crashes loses nothing: people reconnect and go on', async ({ owner, invite, server }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('before')
  await expect(bob.message('before')).toBeVisible()
  await server.crash()
  await owner.send('after')
  await expect(bob.message('after')).toHaveCount(1)
  await expect(owner.message('after')).toHaveCount(1)
})

test('without the socket everything works by asking, and it says so', async ({ owner, invite, visit }) => {
  await invite('bob')
  const bob = await visit()
  await bob.page.routeWebSocket(/\/connection\/websocket/, (socket) => socket.close())
  await bob.page.goto('/')
  await bob.page.getByLabel('Username').fill('bob')
  await bob.page.getByRole('textbox', { name: 'Password' }).fill(passwordOf('bob'))
  await bob.page.getByRole('button', { name: 'Sign in' }).click()
  await expect(bob.connection).toHaveAttribute('data-connection', 'polling')
  await bob.joinRoom('General')
  await owner.send('can you hear me?')
  await expect(bob.message('can you hear me?')).toBeVisible({ timeout: 30_000 })
  await drawScreen(bob.page, 'without the socket')
  await bob.send('yes, slowly')
  await expect(owner.message('yes, slowly')).toBeVisible()
})

test('a deep link survives signing in, and signing out ends the session', async ({ owner, visit }) => {
  const url = owner.page.url()
  const again = await visit()
  await again.page.goto(url)
  await again.signUp('olga', 'Sign in')
  await expect(again.page.getByRole('heading', { name: 'General', level: 1 })).toBeVisible()
  await again.page.getByRole('button', { name: /^Your account/ }).click()
  await again.page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(again.page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expect(owner.connection).toHaveAttribute('data-connection', 'live')
})

test('text is never HTML', async ({ owner }) => {
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script> javascript:alert(1)'
  await owner.send(hostile)
  await expect(owner.message('<script>')).toContainText(hostile)
  await expect(owner.page).not.toHaveTitle(/^[12]$/)
  await expect(owner.page.locator('article img, article script')).toHaveCount(0)
})

test('older messages load while scrolling up', async ({ owner }) => {
  const roomId = Number(owner.page.url().split('/').at(-1))
  await owner.sendMany(
    roomId,
    Array.from({ length: 230 }, (_, i) => `line ${i + 1} of many`),
  )
  await expect(owner.message('line 230 of many')).toBeVisible()
  await owner.page.reload()
  await expect(owner.message('line 230 of many')).toBeVisible()
  await owner.page.getByRole('region', { name: 'Messages in General' }).hover()
  await expect(async () => {
    await owner.page.mouse.wheel(0, -1_500)
    await expect(owner.message(/line 1 of many/)).toBeInViewport({ timeout: 300 })
  }).toPass()
})

test('the description of the API is a readable page under the same policy', async ({ visit }) => {
  const reader = await visit()
  await reader.page.goto('/api/docs/')
  await expect(reader.page.getByRole('heading', { name: 'GrandChat: the REST API' })).toBeVisible()
  await expect(reader.page.getByText('/api/rooms/{id}/messages/').first()).toBeVisible()
})
