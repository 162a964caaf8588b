import type { OpenTransaction } from '../database/database.ts'
import type { Send } from './send-batch.ts'

type Wanted = Pick<Send, 'isWanted'>

/** Their author has taken these back before they were sent. */
export class Withdrawn extends Error {
  readonly sends: readonly Wanted[]

  constructor(sends: readonly Wanted[]) {
    super('taken back by its author before it was sent')
    this.sends = sends
  }
}

/** Undoes the transaction that wrote these messages, unless all of them are still wanted. */
export async function assertWanted(tx: OpenTransaction, sends: readonly Wanted[]): Promise<void> {
  const unwanted: Wanted[] = []
  for (const send of sends) if (send.isWanted && !(await send.isWanted(tx))) unwanted.push(send)
  if (unwanted.length > 0) throw new Withdrawn(unwanted)
}
