import type { Page, Route } from '@playwright/test'
import { expect, passwordOf, test, type Visitor } from './journey.ts'

/** What the page's databases hold, by store. */
function readStored(): Promise<Record<string, unknown[]>> {
  const open = (name: string) =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error ?? new Error(name)))
    })
  const all = (store: IDBObjectStore) =>
    new Promise<unknown[]>((resolve, reject) => {
      const request = store.getAll()
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error ?? new Error(store.name)))
    })
  return (async () => {
    const stored: Record<string, unknown[]> = {}
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await open(name)
      for (const store of database.objectStoreNames) {
        stored[store] = await all(database.transaction(store).objectStore(store))
      }
      database.close()
    }
    return stored
  })()
}

/** The window of the room is stored with all of these texts. */
async function expectStored(page: Page, texts: string[]): Promise<void> {
  const stored = async () => {
    const { windows = [] } = await page.evaluate(readStored)
    const rows = (windows as { rows: { kind: string; content: string }[] }[]).flatMap((window) => window.rows)
    return rows.filter(({ kind }) => kind === 'user').map(({ content }) => content)
  }
  await expect.poll(stored, { timeout: 30_000 }).toEqual(texts)
}

/** Requests of the API and the socket go nowhere until released. */
async function holdServer(page: Page): Promise<() => Promise<void>> {
  const held: Route[] = []
  let isHolding = true
  const paths = /\/(api|connection)\//
  await page.route(paths, (route) => (isHolding ? void held.push(route) : route.continue()))
  await page.routeWebSocket(/\/connection\/websocket/, (socket) => {
    if (isHolding) void socket.close()
    else socket.connectToServer()
  })
  return async () => {
    isHolding = false
    await Promise.all(held.splice(0).map((route) => route.continue()))
  }
}

const roomIdOf = (page: Page) => Number(/rooms\/(\d+)/.exec(page.url())?.[1])

async function signOut({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: /^Your account/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
}

test('a reload shows the room while the server is silent, then what changed meanwhile', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('before the reload')
  await expect(owner.message('before the reload')).toHaveCount(1)
  await expectStored(owner.page, ['before the reload'])
  const release = await holdServer(owner.page)
  await owner.page.reload()
  await expect(owner.message('before the reload')).toBeVisible()
  await expect(owner.room('General')).toBeVisible()
  await bob.send('meanwhile')
  await expect(bob.page.locator('article[data-status=sent]').filter({ hasText: 'meanwhile' })).toHaveCount(1)
  await expect(owner.message('meanwhile')).toHaveCount(0)
  await release()
  await expect(owner.message('meanwhile')).toBeVisible({ timeout: 30_000 })
  await expect(owner.connection).toHaveAttribute('data-connection', 'live', { timeout: 30_000 })
})

test('a reload asks for tokens and one sync, and for no page of messages', async ({ owner }) => {
  await owner.send('seen before')
  await expectStored(owner.page, ['seen before'])
  const asked: string[] = []
  owner.page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/api/')) asked.push(`${request.method()} ${pathname}`)
  })
  await owner.page.reload()
  await expect(owner.connection).toHaveAttribute('data-connection', 'live')
  await expect(owner.message('seen before')).toBeVisible()
  await owner.send('and after')
  await expect(owner.page.locator('article[data-status=sent]')).toHaveCount(2)
  // Who is signed in is asked as well where the browser's storage is slow, and now and then anyway.
  const others = ['POST /api/rooms/', 'PUT /api/rooms/', 'GET /api/me/']
  const ofInterest = asked.filter((what) => !others.some((other) => what.startsWith(other)))
  // The channel of who is here has a token of its own, asked for when its room is on screen.
  expect([...new Set(ofInterest)]).toEqual(['GET /api/csrf/', 'POST /api/token/', 'POST /api/sync/'])
  expect(ofInterest.filter((what) => what === 'POST /api/sync/')).toHaveLength(1)
})

test('rooms and messages are read without a network, as far as they were seen before', async ({ owner }) => {
  await owner.send('read in a tunnel')
  await expectStored(owner.page, ['read in a tunnel'])
  await holdServer(owner.page)
  await owner.page.reload()
  await owner.page.getByRole('link', { name: 'Discover rooms' }).first().click()
  await owner.room('General').click()
  await expect(owner.message('read in a tunnel')).toBeVisible()
})

test('threads are read without a network, in their list and where they were open, as far as they were seen', async ({
  owner,
  invite,
}) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('Who brings the cake?')
  await expect(bob.message('Who brings the cake?')).toBeVisible()
  const question = bob.message('Who brings the cake?')
  await question.hover()
  await question.getByRole('toolbar').getByRole('button', { name: 'Reply in thread' }).click()
  const panel = (of: Visitor) => of.page.getByRole('complementary', { name: 'Thread' })
  await panel(bob).getByRole('textbox').fill('I do')
  await panel(bob).getByRole('textbox').press('Enter')

  await owner.page.getByRole('link', { name: /^Threads/ }).click()
  const followed = owner.page.getByRole('list', { name: 'Threads' }).getByRole('article')
  await expect(followed).toContainText('Who brings the cake?')
  await expect(followed).toContainText('I do')
  const list = owner.page.url()
  await followed.getByRole('link').click()
  await expect(panel(owner).getByText('I do')).toBeVisible()
  await expect
    .poll(
      async () => {
        const { threads = [], threadWindows = [] } = await owner.page.evaluate(readStored)
        const seen = JSON.stringify(threads)
        return [seen.includes('cake') && seen.includes('I do'), JSON.stringify(threadWindows).includes('I do')]
      },
      { timeout: 30_000 },
    )
    .toEqual([true, true])

  const release = await holdServer(owner.page)
  await owner.page.reload()
  await expect(panel(owner).getByText('Who brings the cake?')).toBeVisible()
  await expect(panel(owner).getByText('I do')).toBeVisible()
  await owner.page.goto(list)
  await expect(followed).toContainText('Who brings the cake?')
  await expect(followed).toContainText('I do')
  await panel(bob).getByRole('textbox').fill('And coffee')
  await panel(bob).getByRole('textbox').press('Enter')
  await expect(panel(bob).getByRole('article').filter({ hasText: 'And coffee' })).toHaveAttribute('data-status', 'sent')
  await release()
  await expect(followed).toContainText('And coffee', { timeout: 30_000 })
})

test('signing out leaves nothing in this browser, and the next person finds nothing', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await owner.send('only for those who are in it')
  await expectStored(owner.page, ['only for those who are in it'])
  await signOut(owner)
  await expect.poll(async () => Object.values(await owner.page.evaluate(readStored)).flat()).toEqual([])
  await owner.page.getByLabel('Username').fill('bob')
  await owner.page.getByRole('textbox', { name: 'Password' }).fill(passwordOf('bob'))
  await owner.page.getByRole('button', { name: 'Sign in' }).click()
  await expect(owner.connection).toHaveAttribute('data-connection', 'live')
  await expect(owner.page.getByText('only for those')).toHaveCount(0)
  await expect
    .poll(async () => {
      const { state = [] } = await owner.page.evaluate(readStored)
      return (state as { me: { username: string } }[]).map(({ me }) => me.username)
    })
    .toEqual(['bob'])
  expect(JSON.stringify(await owner.page.evaluate(readStored))).not.toContain('only for those')
  await bob.page.close()
})

test('when the session has ended elsewhere, a reload leads to sign-in and what was kept is removed', async ({
  owner,
}) => {
  await owner.send('kept until then')
  await expectStored(owner.page, ['kept until then'])
  await owner.page.context().clearCookies()
  await owner.page.reload()
  await expect(owner.page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expect.poll(async () => Object.values(await owner.page.evaluate(readStored)).flat()).toEqual([])
})

test('a cache that another version of the client wrote is dropped', async ({ owner }) => {
  await owner.send('from the server')
  await expectStored(owner.page, ['from the server'])
  const roomId = roomIdOf(owner.page)
  await owner.page.evaluate(
    (id) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open('grandchat-cache')
        request.addEventListener('success', () => {
          const transaction = request.result.transaction(['state', 'windows'], 'readwrite')
          const state = transaction.objectStore('state').get(0)
          state.addEventListener('success', () => {
            transaction.objectStore('state').put({ ...state.result, schema: 9_999 })
            transaction.objectStore('windows').put({ id, nonsense: true })
          })
          transaction.addEventListener('complete', () => {
            request.result.close()
            resolve()
          })
        })
      }),
    roomId,
  )
  await owner.page.reload()
  await expect(owner.message('from the server')).toBeVisible()
  await expectStored(owner.page, ['from the server'])
})
