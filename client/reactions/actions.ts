export type ReactionActions = {
  react: { room_id: number; message_id: number; emoji: string; isOn: boolean }
}
