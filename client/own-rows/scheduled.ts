import { checkContent } from '@grandchat/contracts/messages/content'
import type { Client } from '../client.ts'
import type { Environment } from '../environment.ts'
import { derive } from '../observable.ts'
import { timeOf } from './moments.ts'
import type { Keep, OwnRows } from './own-rows.ts'

/** Messages that the server will send, the next one first. */
export function createScheduled(environment: Environment, ownRows: OwnRows, keep: Keep): Client['scheduled'] {
  const rows = ownRows.of('scheduled')

  function put(id: string, message: Parameters<Client['scheduled']['add']>[0]) {
    const { send_at, ...rest } = message
    const checked = checkContent(rest.content)
    if ('problem' in checked) throw new RangeError(checked.problem)
    const value = { ...rest, content: checked.content, send_at: timeOf(send_at.getTime()) }
    keep({ kind: 'scheduled', key: id, value })
  }

  function change(id: string, changes: { content?: string; sendAt?: Date }) {
    const known = rows.get().get(id)
    if (!known) return
    // What kept it from being sent is forgotten: it is tried again.
    const { failure: _, send_at, ...message } = known
    put(id, {
      ...message,
      content: changes.content ?? message.content,
      send_at: changes.sendAt ?? new Date(Date.parse(send_at)),
    })
  }

  return {
    list: derive(rows, (messages) =>
      [...messages].map(([id, message]) => ({ ...message, id })).sort((a, b) => (a.send_at < b.send_at ? -1 : 1)),
    ),
    add(message) {
      const id = environment.uuid()
      put(id, message)
      return id
    },
    change,
    remove: (id) => keep({ kind: 'scheduled', key: id, value: null }),
    sendNow: (id) => change(id, { sendAt: new Date(environment.now()) }),
  }
}
