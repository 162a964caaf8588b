import type { ModelServer } from './model-server.ts'

/** Messages up to `seq` have reached this member, who has read them if `hasRead`. Told at once, and repeats to nobody. */
export function deliver(model: ModelServer, roomId: number, userId: number, seq: number, hasRead = false): void {
  const { members, room } = model.rooms.get(roomId)!
  const row = members.get(userId)
  const upTo = Math.min(seq, room.last_seq)
  if (!model.tellsReceipts || !row || row.left_at !== null || upTo <= (hasRead ? row.seen_seq : row.delivered_seq))
    return
  const delivered_seq = Math.max(row.delivered_seq, upTo)
  const seen_seq = hasRead ? upTo : row.seen_seq
  model.changeRows(roomId, (version) => ({
    members: [{ ...row, user: model.user(userId), delivered_seq, seen_seq, version }],
  }))
}
