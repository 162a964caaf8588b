/** First in, first out. Long ones stay quick: `Array.shift` moves all that is left. */
export class Fifo<T> {
  #items: T[] = []
  #taken = 0

  get length(): number {
    return this.#items.length - this.#taken
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** The oldest, at most that many. */
  take(count: number): T[] {
    const items = this.#items.slice(this.#taken, this.#taken + count)
    this.#taken += items.length
    if (this.#taken * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#taken)
      this.#taken = 0
    }
    return items
  }

  clear(): void {
    this.#items = []
    this.#taken = 0
  }
}
