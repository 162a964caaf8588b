/**
 * Idempotency keys of events: a stream at a version. Every copy and every part of an event bears the same one, and so does
 * the nudge that stands for it: who got the event needs no nudge.
 */
export const keys = {
  room: (epoch: string, roomId: number, version: number) => `${epoch}_room_${roomId}_v${version}`,
  user: (epoch: string, userId: number, version: number) => `${epoch}_user_${userId}_v${version}`,
  workspace: (epoch: string, version: number) => `${epoch}_workspace_v${version}`,
} as const
