export type MessageActions = {
  edit: { room_id: number; message_id: number; content: string }
  remove: { room_id: number; message_id: number }
}
