import type { Wish, WishOf } from './own-rows.ts'

export type OwnRowActions = {
  own_row: Wish
  /** What was written to be sent later is its author's, also if the server does not take it. */
  schedule: WishOf<'scheduled'>
}
