import type { z } from 'zod'
import type { MessageAdded, MessageRow, NewMessage } from '@grandchat/contracts/messages/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database } from '../database/database.ts'
import { AppError, invalidInput, notFound, permissionDenied } from '../errors.ts'
import { accessRoom, roomArchived } from '../rooms/access.ts'
import type { RoomChanger } from '../rooms/change-room.ts'
import { presentRoom } from '../rooms/present.ts'
import { postInThread, type ThreadOutcome } from '../threads/post.ts'
import { findForwardable, findSent } from './forward.ts'
import type { Refusal } from './send-batch.ts'
import type { Sender } from './send.ts'

type Posted = { message: MessageAdded; isRepeat: boolean }

/** Says something in a room, or passes on what was said elsewhere. A retry is answered with the message as it is now. */
export async function postMessage(
  changer: RoomChanger & { sender: Sender },
  author: User,
  roomId: number,
  body: z.output<typeof NewMessage>,
): Promise<Posted> {
  const { thread_id: threadId, reply_to: replyTo = null, client_message_id: clientMessageId = null } = body
  const { db } = changer
  const said = await whatIsSaid(db, author.id, body)
  if (!said) {
    // What it forwarded may be gone since it was sent.
    const sent = await findSent(db, roomId, author.id, clientMessageId)
    if (!sent) throw invalidInput({ forward: 'is not a message that you can see' })
    return repeated(db, author.id, sent)
  }
  const post = { clientMessageId, replyTo, ...said }
  if (threadId !== undefined) return inThread(await postInThread(changer, author, roomId, threadId, post))
  const outcome = await changer.sender.send(roomId, { author, ...post })
  if (outcome.status === 'new') return { message: outcome.message, isRepeat: false }
  if (outcome.status === 'repeat') return repeated(db, author.id, outcome.message)
  throw refusals[outcome.status]()
}

function inThread(outcome: ThreadOutcome): Posted {
  if ('message' in outcome) return { message: outcome.message, isRepeat: outcome.status === 'repeat' }
  throw refusals[outcome.status]()
}

async function whatIsSaid(db: Database, userId: number, { content, forward }: z.output<typeof NewMessage>) {
  if (content !== undefined) return { content, forwarded: null }
  return forward && findForwardable(db, userId, forward)
}

async function repeated(db: Database, userId: number, message: MessageRow): Promise<Posted> {
  const room = presentRoom(await accessRoom(db, userId, message.room_id))
  return { message: { ...message, room }, isRepeat: true }
}

const refusals: Record<Refusal, () => AppError> = {
  no_member: notFound,
  key_reused: () =>
    new AppError(422, 'idempotency_key_reused', 'this client_message_id was used for another text in this room'),
  not_allowed: permissionDenied,
  room_archived: roomArchived,
  no_such_message: () => invalidInput({ reply_to: 'is not a message of this room' }),
}
