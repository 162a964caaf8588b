/** The names of channels, in one place. A channel is the hub's word: it carries events, a room is where people talk. */
export const channels = {
  personal: (userId: number) => `personal:${userId}`,
  room: (roomId: number) => `room:${roomId}`,
  here: (roomId: number) => `here:${roomId}`,
  workspace: 'workspace',
} as const
