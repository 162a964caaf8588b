import type { Client, MemberList, RoomView } from '@grandchat/client'
import type { FakeRoom } from './fake-room.ts'
import { people } from './people.ts'
import type { Store } from './store.ts'

type Running = Pick<Client['rooms'], 'update' | 'archive' | 'restore'>
type People = Pick<Client['members'], 'add' | 'remove' | 'setRole'>

type Setup = {
  getRoom: (roomId: number) => FakeRoom
  memberStore: (roomId: number) => Store<MemberList>
  pause: () => Promise<void>
  refreshList: () => void
}

/** What those do who run a room, without asking who they are. */
export function createFakeRunning({ getRoom, memberStore, pause, refreshList }: Setup): {
  rooms: Running
  members: People
} {
  async function change(roomId: number, to: Partial<RoomView>) {
    await pause()
    const { view } = getRoom(roomId)
    const room = view.get()
    if (room) view.set({ ...room, ...to, title: to.name ?? room.title })
    refreshList()
  }
  async function changeMembers(roomId: number, to: (members: MemberList['members']) => MemberList['members']) {
    const room = getRoom(roomId)
    room.members = [...to(room.members)]
    memberStore(roomId).set({ status: 'ready', members: room.members })
    await change(roomId, { member_count: room.members.length })
  }
  return {
    rooms: {
      update: (roomId, { name, topic, posting }) =>
        change(roomId, {
          ...(name !== undefined && { name }),
          ...(topic !== undefined && { topic }),
          ...(posting !== undefined && { posting }),
        }),
      archive: (roomId) => change(roomId, { archived_at: '2026-11-22T09:00:00.000000Z' }),
      restore: (roomId) => change(roomId, { archived_at: null }),
    },
    members: {
      add: (roomId, userId) =>
        changeMembers(roomId, (members) => {
          const user = people.find(({ id }) => id === userId)!
          const joined_at = '2026-11-22T09:00:00.000000Z'
          return [
            ...members,
            { user, role: 'member', joined_at, left_at: null, delivered_seq: 0, seen_seq: 0, version: 1 },
          ]
        }),
      remove: (roomId, userId) => changeMembers(roomId, (members) => members.filter(({ user }) => user.id !== userId)),
      setRole: (roomId, userId, role) =>
        changeMembers(roomId, (members) => members.map((row) => (row.user.id === userId ? { ...row, role } : row))),
    },
  }
}
