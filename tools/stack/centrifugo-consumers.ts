/** How events get to Centrifugo; what each mode means stands in docs/adr/0008-outbox-and-cdc.md. */
export const broadcastModes = ['api', 'outbox', 'cdc', 'api_cdc'] as const
export type BroadcastMode = (typeof broadcastModes)[number]

export const isBroadcastMode = (text: string): text is BroadcastMode => broadcastModes.some((mode) => mode === text)
export const isByCdc = (mode: BroadcastMode) => mode === 'cdc' || mode === 'api_cdc'

export const outboxPartitions = 8
export const cdcTopic = 'postgres.public.chat_cdc'

/** Both are off in the file; the mode turns one of them on by environment, and says where to read. */
export const consumers = [
  {
    name: 'outbox',
    enabled: false,
    type: 'postgresql',
    postgresql: {
      outbox_table_name: 'chat_outbox',
      num_partitions: outboxPartitions,
      partition_select_limit: 100,
      partition_poll_interval: '300ms',
      partition_notification_channel: 'centrifugo_partition_change',
      use_try_lock: true,
    },
  },
  {
    name: 'cdc',
    enabled: false,
    type: 'kafka',
    kafka: {
      brokers: ['kafka:9092'],
      topics: [cdcTopic],
      consumer_group: 'centrifugo',
      max_poll_records: 100,
      partition_queue_max_size: 1000,
    },
  },
]

export type ConsumedSources = { databaseUrl: string; bootstrap: string | undefined }

/** Centrifugo's variables for a mode, the same as in compose. */
export function consumerEnvironment(mode: BroadcastMode, sources: ConsumedSources): Record<string, string> {
  if (mode === 'api') return {}
  if (mode === 'outbox') {
    return {
      CENTRIFUGO_CONSUMERS_OUTBOX_ENABLED: 'true',
      CENTRIFUGO_CONSUMERS_OUTBOX_POSTGRESQL_DSN: sources.databaseUrl,
    }
  }
  return {
    CENTRIFUGO_CONSUMERS_CDC_ENABLED: 'true',
    CENTRIFUGO_CONSUMERS_CDC_KAFKA_BROKERS: sources.bootstrap ?? '',
  }
}
