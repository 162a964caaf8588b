import type { Installation } from '../installation.ts'
import type { Mutant } from './index.ts'
import { Stage } from './stage.ts'

/** A send whose answer was cut is sent again under its key. */
export const keys: Mutant = {
  id: 'm3',
  title: 'neither a unique key nor a look for it',
  expected: 'doubled',
  async run(hasBug) {
    const stage = await Stage.set({
      ...(hasBug && { prepare: forgetKeys }),
      // Nothing but the answer tells Ann that her message has arrived.
      ann: { onEvent: () => {} },
    })
    try {
      let left = 1
      stage.ann.network.set({ cutAnswer: (request) => request.startsWith('POST') && isSend(request) && left-- > 0 })
      await stage.annSends()
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

const isSend = (request: string) => /^\S+ \/api\/rooms\/\d+\/messages\//.test(request)

async function forgetKeys(query: Installation['query']): Promise<void> {
  await query('alter table messages drop constraint messages_room_id_user_id_client_message_id_key')
  await replaceInFunction(query, 'send_messages', 'if p_keys[i] is not null then', 'if false then')
}

/** Changes a function, of this database alone. */
export async function replaceInFunction(
  query: Installation['query'],
  name: string,
  from: string,
  to: string,
): Promise<void> {
  const [found] = await query<{ source: string }>('select pg_get_functiondef($1::regproc) as source', [name])
  const pieces = found!.source.split(from)
  if (pieces.length !== 2) throw new Error(`${name} has ${pieces.length - 1} times: ${from}`)
  await query(pieces.join(to))
}
