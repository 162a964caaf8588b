/** Answers that are shared: whoever asks within this time gets the same. */
const sharedMs = 5_000
/** People whose answers are kept at most. */
const maxKept = 20_000
/** People in one question to the real-time layer. */
const perQuestion = 500

type AskOnline = (userIds: readonly number[]) => Promise<ReadonlySet<number>>
type Kept = { isOnline: Promise<boolean>; until: number }
type Question = { userId: number; resolve: (isOnline: boolean) => void; reject: (error: unknown) => void }

/**
 * Who is online, asked of the real-time layer once for all who want to know at about the same time: a hundred people who
 * look at one list cost as much as one.
 */
export class OnlineUsers {
  readonly #ask: AskOnline
  readonly #now: () => number
  /** The oldest first. */
  readonly #kept = new Map<number, Kept>()
  #waiting: Question[] = []

  constructor(ask: AskOnline, now: () => number = () => performance.now()) {
    this.#ask = ask
    this.#now = now
  }

  async among(userIds: readonly number[]): Promise<number[]> {
    const answers = await Promise.all(userIds.map((id) => this.#isOnline(id)))
    return userIds.filter((_, i) => answers[i])
  }

  #isOnline(userId: number): Promise<boolean> {
    const kept = this.#kept.get(userId)
    if (kept && kept.until > this.#now()) return kept.isOnline
    const isOnline = new Promise<boolean>((resolve, reject) => {
      if (this.#waiting.push({ userId, resolve, reject }) === 1)
        setImmediate(() => this.#askAll(this.#waiting.splice(0)))
    })
    this.#keep(userId, isOnline)
    return isOnline
  }

  #askAll(questions: Question[]): void {
    for (let from = 0; from < questions.length; from += perQuestion) {
      void this.#askSome(questions.slice(from, from + perQuestion))
    }
  }

  /** Never rejects. */
  async #askSome(questions: Question[]): Promise<void> {
    try {
      const online = await this.#ask(questions.map(({ userId }) => userId))
      for (const { userId, resolve } of questions) resolve(online.has(userId))
    } catch (error) {
      for (const { userId, reject } of questions) {
        this.#kept.delete(userId)
        reject(error)
      }
    }
  }

  #keep(userId: number, isOnline: Promise<boolean>): void {
    this.#kept.delete(userId)
    this.#kept.set(userId, { isOnline, until: this.#now() + sharedMs })
    for (const [oldest, { until }] of this.#kept) {
      if (this.#kept.size <= maxKept && until > this.#now()) return
      this.#kept.delete(oldest)
    }
  }
}
