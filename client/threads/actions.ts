type OfThread = { room_id: number; message_id: number }

export type ThreadActions = {
  follow: OfThread & { is_following: boolean }
  read_thread: OfThread & { read_seq: number }
}
