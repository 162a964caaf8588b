export type PinActions = {
  pin: { room_id: number; message_id: number; isOn: boolean }
}
