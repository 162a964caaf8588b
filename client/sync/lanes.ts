/** Per room, one task after another: its pages, repairs and the part of a sync that concerns its window. */
export type Lanes = {
  run: (roomId: number, task: () => Promise<void>) => Promise<void>
  isBusy: (roomId: number) => boolean
}

export function createLanes(): Lanes {
  const tails = new Map<number, Promise<void>>()
  return {
    run(roomId, task) {
      const before = tails.get(roomId) ?? Promise.resolve()
      const mine = before.catch(() => {}).then(task)
      tails.set(roomId, mine)
      const leave = () => {
        if (tails.get(roomId) === mine) tails.delete(roomId)
      }
      mine.then(leave, leave)
      return mine
    },
    isBusy: (roomId) => tails.has(roomId),
  }
}

/** Runs the task while nothing else is under way for any of these rooms. */
export function holdLanes(
  lanes: Lanes,
  [roomId, ...rest]: readonly number[],
  task: () => Promise<void>,
): Promise<void> {
  return roomId === undefined ? task() : lanes.run(roomId, () => holdLanes(lanes, rest, task))
}
