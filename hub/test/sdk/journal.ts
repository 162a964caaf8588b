/** What an event brings: all members that any of the SDK's contexts has. */
export type Context = {
  channel?: string
  client?: string
  transport?: string
  data?: unknown
  code?: number
  reason?: string
  type?: string
  error?: { code: number; message: string; temporary?: boolean }
  newState?: string
  oldState?: string
  offset?: number
  tags?: Record<string, string>
  info?: { client: string; user: string; connInfo?: unknown; chanInfo?: unknown }
  positioned?: boolean
  recoverable?: boolean
  streamPosition?: { offset: number; epoch: string }
  wasRecovering?: boolean
  recovered?: boolean
  hasRecoveredPublications?: boolean
}

export type Entry = { event: string; context: Context }

type Emitter = { on(event: never, listener: (context: never) => void): unknown }
type AnyEmitter = { on(event: string, listener: (context: Context) => void): unknown }

/** Everything that an emitter of the SDK has told, in order. */
export class Journal {
  readonly entries: Entry[] = []
  readonly #waiting = new Set<() => void>()

  constructor(emitter: Emitter, events: readonly string[]) {
    for (const event of events) {
      ;(emitter as unknown as AnyEmitter).on(event, (context) => {
        this.entries.push({ event, context })
        for (const wake of this.#waiting) wake()
      })
    }
  }

  /** Of some events, or of all but the state, in order. */
  names(...wanted: string[]): string[] {
    const names = this.entries.map(({ event }) => event)
    return names.filter((name) => (wanted.length > 0 ? wanted.includes(name) : name !== 'state'))
  }

  all(event: string): Context[] {
    return this.entries.filter((entry) => entry.event === event).map(({ context }) => context)
  }

  /** The first of that kind, be it past or to come. */
  async first(event: string, condition: (context: Context) => boolean = () => true): Promise<Context> {
    await this.until(() => this.all(event).some(condition))
    return this.all(event).find(condition) as Context
  }

  /** The nth, from 1 on. */
  async nth(event: string, n: number): Promise<Context> {
    await this.until(() => this.all(event).length >= n)
    return this.all(event)[n - 1] as Context
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake)
          resolve()
        }
        this.#waiting.add(wake)
      })
    }
  }
}

/** Plain members alone. What was not sent, Protobuf shows as no bytes. */
export function told(value: object): object {
  const members = Object.entries(value as Record<string, unknown>)
  return Object.fromEntries(
    members
      .filter(([, member]) => !(member instanceof Uint8Array && member.length === 0))
      .map(([name, member]) => [name, isPlain(member) ? told(member) : member]),
  )
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
