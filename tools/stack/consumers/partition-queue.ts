/** Works on a stretch of items; returns whether to go on. */
export type Work<Item> = (items: readonly Item[]) => Promise<boolean>

const stretch = 100

/** What waits in one partition, worked on from the front by one at a time: two would lose the order. */
export class PartitionQueue<Item> {
  readonly #work: Work<Item>
  readonly #items: Item[] = []
  #running: Promise<void> | undefined

  constructor(work: Work<Item>) {
    this.#work = work
  }

  get size(): number {
    return this.#items.length
  }

  push(item: Item): void {
    this.#items.push(item)
    this.#running ??= this.#run()
  }

  /** Resolves when nothing is waiting or being worked on, or nobody goes on. */
  async settled(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    // Whoever pushes now is served by this run.
    await Promise.resolve()
    while (this.#items.length > 0) {
      const next = this.#items.splice(0, stretch)
      if (!(await this.#work(next))) return
    }
    this.#running = undefined
  }
}
