import type { MouseEvent } from 'react'

/** How a button was pressed whose menu was not here yet: by keys one goes on from its first entry. */
export type PressedBy = 'pointer' | 'keys'

/** A click that no pointer made counts none. */
export function pressedBy({ detail }: Pick<MouseEvent, 'detail'>): PressedBy {
  return detail === 0 ? 'keys' : 'pointer'
}
