import type { User } from '@grandchat/contracts/users/schema'
import type { Database } from '../database/database.ts'
import { editMessage } from '../messages/edit.ts'
import { pinMessage } from '../pins/pin.ts'
import { Reactor } from '../reactions/react.ts'
import { Announcer } from '../realtime/announcer.ts'
import type { RoomChanger } from '../rooms/change-room.ts'
import { Lanes } from '../rooms/lanes.ts'
import { postInThread } from '../threads/post.ts'
import { type Touch, touches } from './conversations.ts'

/** Lets people do to messages what they would by hand, before anybody listens. */
export async function touchMessages(db: Database): Promise<void> {
  const changer: RoomChanger = { db, lanes: new Lanes(), announcer: new Announcer({}), largeRoomMembers: 0 }
  const users = await db.selectFrom('users').select(['id', 'username', 'display_name']).execute()
  const byName = new Map(users.map((user) => [user.username, user]))
  for (const touch of touches) await apply(changer, byName, touch)
}

async function apply(changer: RoomChanger, users: Map<string, User>, touch: Touch): Promise<void> {
  const { room_id: roomId, id: messageId, user_id: userId } = await findMessage(changer.db, touch)
  if ('correctedTo' in touch) await editMessage(changer, userId, roomId, messageId, touch.correctedTo)
  else if ('thread' in touch) await talk(changer, users, roomId, messageId, touch.thread)
  else if ('pinnedBy' in touch) await pinMessage(changer, users.get(touch.pinnedBy)!, roomId, messageId)
  else {
    const reactor = new Reactor(changer)
    for (const name of touch.by)
      await reactor.set(roomId, { userId: users.get(name)!.id, messageId, emoji: touch.emoji, isOn: true })
  }
}

async function talk(
  changer: RoomChanger,
  users: Map<string, User>,
  roomId: number,
  threadId: number,
  said: readonly [author: string, text: string][],
): Promise<void> {
  for (const [author, content] of said) {
    const post = { content, clientMessageId: null, replyTo: null, forwarded: null }
    await postInThread(changer, users.get(author)!, roomId, threadId, post)
  }
}

function findMessage(db: Database, { room, message }: Touch) {
  return db
    .selectFrom('messages')
    .innerJoin('rooms', 'rooms.id', 'messages.room_id')
    .select(['messages.id', 'messages.room_id', 'messages.user_id'])
    .where('rooms.name', '=', room)
    .where('messages.content', 'like', `${message}%`)
    .executeTakeFirstOrThrow()
}
