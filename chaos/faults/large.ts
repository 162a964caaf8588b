import type { Fault } from './fault.ts'

/**
 * What only the large shape can suffer: its servers are started by tools/stack, and its faults are to be injected there.
 * They stand here so that no number is silently missing.
 */
export const largeFaults: readonly Fault[] = [
  { id: 'N12', title: 'Redis killed, and restored from an old snapshot', needs: 'large shape' },
  { id: 'N28', title: 'Kafka or Kafka Connect killed, stopped for long, its slot dropped', needs: 'large shape' },
  { id: 'N29', title: 'a poisonous row in the outbox, partitions changed while it runs', needs: 'large shape' },
]
