import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { FakeBrowser } from '../../client/testing/fake-browser.ts'
import type { ClientStorage } from '@grandchat/client'
import { MemoryCache } from '../../client/testing/memory-cache.ts'
import { createSeeded } from '../../client/testing/seeded.ts'
import { steppedClocks } from '../history.ts'
import { Flipper } from '../load.ts'
import { useOwnClock } from '../own-clock.ts'
import type { Person } from '../person.ts'
import { second } from '../scene.ts'
import { addSession } from '../world.ts'
import type { Fault } from './fault.ts'

/** A person's browser: what it keeps outlives its tab. */
type Browser = { open: () => ClientStorage; kill: () => void }
const browsers = new Map<string, Browser>()

function browserOf(seed: number, n: number): Browser {
  const name = `${seed} ${n}`
  const known = browsers.get(name)
  if (known) return known
  const profile = new FakeBrowser()
  const cache = new MemoryCache()
  let kill = () => {}
  const browser: Browser = {
    open() {
      const tab = profile.openTab()
      kill = tab.kill
      return { ...tab.storage, cache }
    },
    kill: () => kill(),
  }
  browsers.set(name, browser)
  return browser
}

const hourMs = 3_600_000
/** Beyond what one answer of changes brings, so that some must begin anew. */
const manyMessages = 1_500

export const peopleFaults: readonly Fault[] = [
  {
    id: 'N21',
    title: 'pages that are loaded while everything moves',
    perSecond: 50,
    async inject({ scene, seconds, seeded }) {
      const end = performance.now() + seconds * 1_000
      const loaded: Person[] = []
      for (let n = 0; performance.now() < end; n++) {
        const person = await scene.enter(seeded.pick(scene.accounts.slice(0, -1)), { device: `_load${n}` })
        await scene.until(() => person.rooms.length > 0 || performance.now() > end)
        for (const room of person.rooms.slice(0, 3)) person.open(room)
        loaded.push(person)
        // The others stay to be compared at the end.
        if (loaded.length > 8) await scene.leave(loaded.splice(seeded.below(8), 1)[0]!)
      }
    },
  },
  {
    id: 'N22',
    title: 'offline for long, while very much happens',
    perSecond: 40,
    async inject({ scene, seconds }) {
      const asleep = scene.networks.filter((_, n) => n % 3 === 0)
      for (const network of asleep) {
        network.set({ isRefusing: true })
        network.reset()
      }
      await scene.writeDirectly(scene.rooms.at(-1)!, manyMessages)
      await sleep(seconds * 1_000)
      for (const network of asleep) network.heal()
    },
  },
  {
    id: 'N24',
    title: 'asked to stop with slow requests and sockets open',
    async inject({ installation: { backend } }) {
      const slow = Array.from({ length: 50 }, () => {
        const socket = connect(backend.port, '127.0.0.1')
        socket.on('error', () => {})
        socket.write(
          'POST /api/login/ HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
        )
        return socket
      })
      await backend.stop()
      for (const socket of slow) socket.destroy()
      await backend.start()
    },
    verify: ({ installation: { backend } }) => (backend.wasForced ? 'it did not stop by itself' : undefined),
  },
  {
    id: 'N25',
    title: 'clocks an hour before and behind, stepped while people write; clients a day behind',
    personOptions: (n) => ({ clockMs: n % 3 === 0 ? -24 * hourMs : 0 }),
    async inject({ scene, installation, seconds }) {
      const { backend } = installation
      scene.phase(steppedClocks)
      await useOwnClock((text, values) => installation.query(text, values))
      await backend.stop()
      await backend.start()
      for (const hours of [1, -1, 0]) {
        await installation.query('update chaos.clock set step = make_interval(hours => $1)', [hours])
        await backend.order({ clockMs: hours * hourMs })
        await sleep((seconds * 1_000) / 3)
      }
    },
  },
  {
    id: 'N30',
    title: 'many join and leave ten times a second while others write',
    perSecond: 60,
    async inject({ scene, seconds, seeded }) {
      const flippers = scene.people.slice(1, 5).map((person, n) => {
        return new Flipper(person, scene.flippedRooms, createSeeded(n + seeded.below(1_000)))
      })
      await sleep(seconds * 1_000)
      for (const flipper of flippers) await flipper.stop()
    },
  },
  {
    id: 'N34',
    title: 'tabs killed in the middle of everything and opened again, with what the browser has kept',
    personOptions: (n, { seed }) => ({ storage: browserOf(seed, n).open() }),
    async inject({ scene, seconds, seeded, installation: { backend } }) {
      const end = performance.now() + seconds * 1_000
      for (let reloads = 0; performance.now() < end; reloads++) {
        const n = seeded.below(scene.accounts.length - 1)
        const account = scene.accounts[n]!
        const old = scene.people.find(({ account: { id }, who }) => id === account.id && !who.proc.endsWith(second))!
        const browser = browserOf(scene.seed, n)
        const rooms = old.openRooms
        browser.kill()
        await scene.leave(old)
        const storage = browser.open()
        const person = await scene.enter(account, { device: `_${reloads}`, storage })
        for (const room of rooms) person.open(room)
        if (reloads === 5) await backend.kill()
        if (reloads === 5) await backend.start()
        await sleep(100)
      }
    },
  },
  {
    id: 'N33',
    title: 'two tabs and a telephone of one person, who signs out on the telephone',
    async inject({ scene, installation, seconds, seeded }) {
      const account = scene.accounts[1]!
      const browser = new FakeBrowser()
      const tabs = [
        await scene.enter(account, { device: '_tab1', storage: browser.openTab().storage }),
        // Hears of everything later than the other.
        await scene.enter(account, {
          device: '_tab2',
          storage: browser.openTab().storage,
          onEvent: (event, pass) => void setTimeout(() => pass(event), 300),
        }),
      ]
      const cookie = await addSession(installation, account, 'telephone')
      const phone = await scene.enter({ ...account, cookie }, { device: '_phone' })
      const devices = [...tabs, phone]
      await scene.until(() => devices.every((device) => device.isLive))
      for (const device of devices) for (const room of device.rooms.slice(0, 3)) device.open(room)
      for (const end = performance.now() + seconds * 1_000; performance.now() < end; await sleep(50)) {
        const device = seeded.pick(devices)
        const room = seeded.pick(device.rooms)
        if (seeded.chance(0.7)) device.write(room)
        else device.client.readMarkers.mark(room, device.client.rooms.get(room).get()?.last_seq ?? 0)
      }
      // Nobody writes on it any more: what is not sent by then would go with it.
      scene.people.splice(scene.people.indexOf(phone), 1)
      await scene.until(() => phone.isQuiet)
      await phone.client.session.signOut()
      phone.close()
    },
    verify: ({ scene }) =>
      scene.people.every((person) => person.client.session.get().status === 'signed_in')
        ? undefined
        : 'somebody else was signed out',
  },
]
