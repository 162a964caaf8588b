import pg from 'pg'
import { Caller } from '../hostile.ts'
import type { Happening } from '../history.ts'
import type { Mutant } from './index.ts'
import { Stage } from './stage.ts'

type Ok<F extends Happening['f']> = Extract<Happening, { f: F }> & { type: 'ok' }

function answerOf<F extends 'act' | 'later' | 'mark'>({ history }: Stage, f: F, isIt: (entry: Ok<F>) => boolean) {
  return history.entries.find((entry) => entry.f === f && entry.type === 'ok' && isIt(entry as Ok<F>)) as
    | Ok<F>
    | undefined
}

/** Runs something while nobody else can write in a room. */
async function whileHeld({ installation }: Stage, room: number, run: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: installation.databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select 1 from rooms where id = $1 for update', [room])
    await run()
    await client.query('commit')
  } finally {
    await client.end()
  }
}

/** What is to be sent later is due, and waits for the room, when Ann takes it back. */
export const untimely: Mutant = {
  id: 'm14',
  title: 'what was due when it was taken back is sent all the same',
  expected: 'phantom',
  async run(hasBug) {
    const stage = await Stage.set({ ...(hasBug && { bugs: ['sent whatever'] as const }) })
    try {
      const { ann, room, installation } = stage
      await whileHeld(stage, room, async () => {
        const id = ann.desk.schedule(room, ann.marked(room), 0)
        for (let taken = 0; taken === 0;) {
          const rows = await installation.query('select 1 from own_rows where key = $1 and due_at > now()', [id])
          taken = rows.length
        }
        ann.desk.unschedule({ id, room_id: room })
        // From here on whatever is written is written later, on any clock of this machine.
        const atMs = () => answerOf(stage, 'later', ({ text }) => text === '')?.atMs ?? Infinity
        await stage.until(() => Date.now() > atMs() + 1)
      })
      await stage.annSends()
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

/** Bob keeps his reading to himself, and reads. */
export const indiscretion: Mutant = {
  id: 'm15',
  title: 'everybody is told up to where somebody has read who does not want that',
  expected: 'leaked',
  async run(hasBug) {
    const stage = await Stage.set({ ...(hasBug && { bugs: ['reading is told'] as const }) })
    try {
      const { ann, bob, room } = stage
      bob.desk.set('read_receipts', 'off')
      await stage.until(() => answerOf(stage, 'act', ({ target }) => target === 'setting read_receipts') !== undefined)
      const key = await stage.annSends()
      await stage.until(() => stage.isShownTo(bob, key))
      bob.client.readMarkers.mark(room, 1)
      // It is told with what has arrived.
      const toldOf = () =>
        ann.client.receipts
          .members(room)
          .get()
          ?.find(({ user }) => user.id === bob.account.id)
      await stage.until(() => toldOf()?.delivered_seq === 1)
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

/** Ann mentions Bob, and thinks better of it. */
export const stayingMentions: Mutant = {
  id: 'm16',
  title: 'who was mentioned once stays so, whatever the message says now',
  expected: 'counters',
  async run(hasBug) {
    const stage = await Stage.set({ ...(hasBug && { clientBugs: ['mentions stay'] as const }) })
    try {
      const { ann, bob, room } = stage
      const key = ann.write(room, undefined, bob.account.name)!
      await stage.until(() => bob.client.rooms.get(room).get()?.unread_mentions.length === 1)
      await stage.until(() => stage.isAnswered(key))
      const [message] = ann.shown(room)
      ann.edit(room, message!.id)
      await stage.until(() => answerOf(stage, 'act', ({ kind }) => kind === 'edit') !== undefined)
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

/** Ann changes a setting on her telephone, twice. */
export const firstRows: Mutant = {
  id: 'm17',
  title: 'of what is kept for oneself a device believes the first that it hears',
  expected: 'late',
  async run(hasBug) {
    const stage = await Stage.set({ ...(hasBug && { clientBugs: ['first rows'] as const }) })
    try {
      const { ann, history } = stage
      const phone = new Caller({ history, account: ann.account, network: ann.network, device: '_phone' })
      const theme = ann.client.settings.get('theme')
      await phone.ask('PUT', '/api/own/setting/theme/', { value: 'dark' })
      await stage.until(() => theme.get() === 'dark')
      await phone.ask('PUT', '/api/own/setting/theme/', { value: 'light' })
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}
