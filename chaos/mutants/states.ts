import type { Installation } from '../installation.ts'
import { Caller } from '../hostile.ts'
import { urlOf } from '../traffic.ts'
import type { Mutant } from './index.ts'
import { replaceInFunction } from './keys.ts'
import { Stage } from './stage.ts'

/** What Ann has sent, and Bob sees. */
async function sendOne(stage: Stage): Promise<number> {
  const key = await stage.annSends()
  await stage.until(() => stage.isShownTo(stage.bob, key))
  const found = stage.bob.shown(stage.room).find((message) => message.client_message_id === key)
  return found!.id
}

const isAnswered = ({ history }: Stage, kind: string) =>
  history.entries.some((entry) => entry.f === 'act' && entry.type === 'ok' && entry.kind === kind)

export const silentEdits: Mutant = {
  id: 'm9',
  title: 'an edit is made, answered and told to nobody',
  expected: 'late',
  async run(hasBug) {
    const stage = await Stage.set({ ...(hasBug && { bugs: ['silent edits'] as const }) })
    try {
      stage.ann.edit(stage.room, await sendOne(stage))
      await stage.until(() => isAnswered(stage, 'edit'))
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

/** A reaction whose answer was cut is set again. */
export const toggles: Mutant = {
  id: 'm10',
  title: 'a reaction that is there already is taken away by being set',
  expected: 'lost',
  async run(hasBug) {
    const stage = await Stage.set({
      ...(hasBug && { prepare: toggle }),
      // Nothing but the answer tells Ann what has become of it.
      ann: { onEvent: () => {} },
    })
    try {
      const key = await stage.annSends()
      await stage.until(() => stage.isShownTo(stage.ann, key))
      let left = 1
      stage.ann.network.set({ cutAnswer: (request) => / \/api\S+\/reactions\//.test(request) && left-- > 0 })
      stage.ann.react(stage.room, stage.ann.shown(stage.room)[0]!.id, '👍', true)
      await stage.until(() => isAnswered(stage, 'react'))
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

function toggle(query: Installation['query']): Promise<void> {
  const takeAway = `delete from reactions r
      where r.message_id = p_messages[i] and r.emoji = p_emoji[i] and r.user_id = p_users[i];
      status := 'changed';`
  const last = '-- An emoji that the message has may always be joined.'
  return replaceInFunction(query, 'set_reactions', `status := 'unchanged';\n    ${last}`, takeAway)
}

export const pastMembers: Mutant = {
  id: 'm11',
  title: 'who was put out may still read',
  expected: 'leaked',
  async run(hasBug) {
    const stage = await Stage.set({ ...(hasBug && { bugs: ['past members read'] as const }) })
    try {
      const { ann, bob, history, room } = stage
      await sendOne(stage)
      await ann.client.members.remove(room, bob.account.id)
      const caller = new Caller({ history, account: bob.account, network: bob.network, device: '_after' })
      await caller.ask('GET', `/api/rooms/${room}/messages/`)
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

/** Bob has read everything, and marks it as unread on another device. */
export const risingMarkers: Mutant = {
  id: 'm12',
  title: 'a read position only ever goes up',
  expected: 'counters',
  async run(hasBug) {
    const stage = await Stage.set({ ...(hasBug && { clientBugs: ['markers only rise'] as const }) })
    try {
      const { bob, history, room } = stage
      await sendOne(stage)
      bob.client.readMarkers.mark(room, 1)
      await stage.until(() => history.entries.some((entry) => entry.f === 'mark' && entry.type === 'ok'))
      await stage.until(() => bob.client.rooms.get(room).get()?.unread === 0)
      const phone = new Caller({ history, account: bob.account, network: bob.network, device: '_phone' })
      await phone.ask('PUT', `/api/rooms/${room}/read-marker/`, { seq: 0 })
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

/** The first request that would edit never arrives. */
export const impatience: Mutant = {
  id: 'm13',
  title: 'what could not be done at once is forgotten',
  expected: 'lost',
  async run(hasBug) {
    let left = 1
    const stage = await Stage.set({
      ...(hasBug && { clientBugs: ['impatient actions'] as const }),
      ann: {
        fetch: (fetch) => async (input, init) => {
          if (init?.method === 'PATCH' && urlOf(input).pathname.includes('/messages/') && left-- > 0) {
            throw new TypeError('the network is gone')
          }
          return fetch(input, init)
        },
      },
    })
    try {
      stage.ann.edit(stage.room, await sendOne(stage))
      await stage.until(() => left <= 0 && (hasBug || isAnswered(stage, 'edit')))
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}
