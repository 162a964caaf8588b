import pg from 'pg'
import type { Verdict } from '../checker/check.ts'
import { Caller } from '../hostile.ts'
import type { Happening } from '../history.ts'
import type { Mutant } from './index.ts'
import { Stage, type StageOptions } from './stage.ts'

type Course = (stage: Stage) => Promise<void>

/** What is to be sent later is due, and waits for the room, when Ann takes it back. */
async function takeBack(stage: Stage): Promise<void> {
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
}

/** Bob keeps his reading to himself, and reads. */
async function readPrivately(stage: Stage): Promise<void> {
  const { ann, bob, room } = stage
  bob.desk.set('read_receipts', 'off')
  await stage.until(() => answerOf(stage, 'act', ({ target }) => target === 'setting read_receipts') !== undefined)
  const key = await stage.annSends()
  await stage.until(() => stage.isShownTo(bob, key))
  const { last_seq } = bob.client.rooms.get(room).get()!
  bob.client.readMarkers.mark(room, last_seq)
  // It is told with what has arrived.
  const toldOf = () =>
    ann.client.receipts
      .members(room)
      .get()
      ?.find(({ user }) => user.id === bob.account.id)
  await stage.until(() => (toldOf()?.delivered_seq ?? 0) >= last_seq)
}

/** Ann mentions Bob, and thinks better of it. */
async function mentionNoMore(stage: Stage): Promise<void> {
  const { ann, bob, room } = stage
  const key = ann.write(room, undefined, bob.account.name)!
  await stage.until(() => stage.isAnswered(key) && bob.client.rooms.get(room).get()?.unread_mentions.length === 1)
  ann.edit(room, ann.shown(room).find(({ client_message_id }) => client_message_id === key)!.id)
  await stage.until(() => answerOf(stage, 'act', ({ kind }) => kind === 'edit') !== undefined)
}

/** Ann changes a setting on her telephone, twice. */
async function changeTwice(stage: Stage): Promise<void> {
  const { ann, history } = stage
  const phone = new Caller({ history, account: ann.account, network: ann.network, device: '_phone' })
  const theme = ann.client.settings.get('theme')
  await phone.ask('PUT', '/api/own/setting/theme/', { value: 'dark' })
  await stage.until(() => theme.get() === 'dark')
  await phone.ask('PUT', '/api/own/setting/theme/', { value: 'light' })
}

const courses = [takeBack, readPrivately, mentionNoMore, changeTwice]
/** All four courses, one after another, with no bug at all. */
let withoutBugs: Promise<Verdict> | undefined

function mutant(about: Pick<Mutant, 'id' | 'title' | 'expected'>, plants: StageOptions, course: Course): Mutant {
  const run = (hasBug: boolean) => (hasBug ? play(plants, [course], true) : (withoutBugs ??= play({}, courses, false)))
  return { ...about, run }
}

async function play(options: StageOptions, chosen: readonly Course[], hasBug: boolean): Promise<Verdict> {
  const stage = await Stage.set(options)
  try {
    for (const course of chosen) await course(stage)
    return await stage.judge(hasBug)
  } finally {
    await stage.close()
  }
}

export const keptMutants: readonly Mutant[] = [
  mutant(
    { id: 'm14', title: 'what was due when it was taken back is sent all the same', expected: 'phantom' },
    { bugs: ['sent whatever'] },
    takeBack,
  ),
  mutant(
    { id: 'm15', title: 'everybody is told of the reading of somebody who does not want that', expected: 'leaked' },
    { bugs: ['reading is told'] },
    readPrivately,
  ),
  mutant(
    { id: 'm16', title: 'who was mentioned once stays so, whatever the message says now', expected: 'counters' },
    { clientBugs: ['mentions stay'] },
    mentionNoMore,
  ),
  mutant(
    { id: 'm17', title: 'of what is kept for oneself a device believes the first that it hears', expected: 'late' },
    { clientBugs: ['first rows'] },
    changeTwice,
  ),
]

type Ok<F extends Happening['f']> = Extract<Happening, { f: F }> & { type: 'ok' }

function answerOf<F extends 'act' | 'later'>({ history }: Stage, f: F, isIt: (entry: Ok<F>) => boolean) {
  const found = history.entries.find((entry) => entry.f === f && entry.type === 'ok' && isIt(entry as Ok<F>))
  return found as Ok<F> | undefined
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
