import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { PoolState } from '../database/database.ts'
import type { Measures } from '../realtime/outbox/measure.ts'

/** Wake-ups that measure the event loop's lag: often enough to see what people feel, seldom enough to cost nothing. */
const eventLoopPrecisionMs = 50

/**
 * What this process counts and sees. Labels are bounded: routes by their pattern, outcomes by their names. What the
 * database has to be asked for is set by the housekeeper, so that no scrape waits for it.
 */
export class Metrics {
  readonly registry = new Registry()
  #collectsProcess = false
  readonly requests = new Histogram({
    name: 'grandchat_http_request_duration_seconds',
    help: 'Requests by route and class of status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [this.registry],
  })
  readonly sends = new Counter({
    name: 'grandchat_sends_total',
    help: 'Sends by outcome.',
    labelNames: ['outcome'],
    registers: [this.registry],
  })
  readonly laneRefusals = this.#counter('lane_refusals_total', 'Changes refused because too much waited in a room.')
  readonly publishFailures = this.#counter('publish_failures_total', 'Events that the real-time layer did not take.')
  readonly nudges = this.#counter('nudges_total', 'Nudges that stood for events which could not be sent.')
  readonly revocationFailures = this.#counter('revocation_failures_total', 'Revocations that have to be tried again.')
  readonly outboxDropped = this.#counter('outbox_dropped_total', 'Rows dropped because nobody read the outbox.')
  readonly #outboxRows = this.#gauge('outbox_rows', 'Rows that wait for the outbox consumer.')
  readonly #outboxOldest = this.#gauge('outbox_oldest_seconds', 'Age of the oldest row that waits.')
  readonly #quarantined = this.#gauge('outbox_quarantined_rows', 'Rows taken out because they held others up.')
  readonly #cdcRows = this.#gauge('cdc_rows', 'Rows of the CDC table; they are kept for ten minutes.')
  readonly #slotsLost = this.#gauge('cdc_slots_lost', 'Logical replication slots that PostgreSQL has given up.')
  readonly #slotLag = new Gauge({
    name: 'grandchat_cdc_slot_lag_bytes',
    help: 'Write-ahead log that a logical replication slot has not confirmed.',
    labelNames: ['slot'],
    registers: [this.registry],
  })

  /** Only where somebody may ask: it keeps a timer. */
  collectProcess(): void {
    if (this.#collectsProcess) return
    this.#collectsProcess = true
    collectDefaultMetrics({
      register: this.registry,
      prefix: 'grandchat_',
      eventLoopMonitoringPrecision: eventLoopPrecisionMs,
    })
  }

  watchPool(state: () => PoolState): void {
    this.#watch('database_connections', 'Open connections to the database.', () => state().total)
    this.#watch('database_connections_in_use', 'Connections that are in use.', () => state().inUse)
    this.#watch('database_waiting', 'Work that waits for a connection.', () => state().waiting)
  }

  watchBreaker(isOpen: () => boolean): void {
    this.#watch('centrifugo_breaker_open', '1 while Centrifugo is left alone after failures.', () => Number(isOpen()))
  }

  measured({ outboxRows, outboxOldestSeconds, quarantined, cdcRows, slots }: Measures): void {
    this.#outboxRows.set(outboxRows)
    this.#outboxOldest.set(outboxOldestSeconds)
    this.#quarantined.set(quarantined)
    this.#cdcRows.set(cdcRows)
    this.#slotsLost.set(slots.filter(({ isLost }) => isLost).length)
    this.#slotLag.reset()
    for (const { name, lagBytes } of slots) this.#slotLag.set({ slot: name }, lagBytes)
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name: `grandchat_${name}`, help, registers: [this.registry] })
  }

  #gauge(name: string, help: string): Gauge {
    return new Gauge({ name: `grandchat_${name}`, help, registers: [this.registry] })
  }

  #watch(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name: `grandchat_${name}`,
      help,
      registers: [],
      collect() {
        this.set(read())
      },
    })
    this.registry.registerMetric(gauge)
  }
}
