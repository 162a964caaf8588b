import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { countBroadcasts } from '../metrics/broadcaster.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { Announcer } from './announcer.ts'
import { Audience } from './audience.ts'
import { Housekeeper } from './outbox/housekeeper.ts'
import { PartitionNotifier } from './outbox/notifier.ts'
import { Outbox } from './outbox/outbox.ts'
import { Publisher } from './publisher.ts'
import type { RealTime } from './real-time.ts'

type Needs = {
  config: Config
  db: Database
  epoch: string
  realTime: RealTime
  metrics: Metrics
  onError: (error: unknown) => void
}

/** The ways of events that the broadcast mode names; without Centrifugo straight to the hub of this process. */
export function createAnnouncer(needs: Needs): { announcer: Announcer; housekeeper: Housekeeper | undefined } {
  const { config, db, metrics, onError, realTime } = needs
  const { CENTRIFUGO_BROADCAST_MODE: mode, CENTRIFUGO_OUTBOX_PARTITIONS: partitions } = config
  const audience = new Audience(db)
  const notifier = new PartitionNotifier(db)
  const isPublished = mode === undefined || mode === 'api' || mode === 'api_cdc'
  const isWritten = mode === 'outbox' || mode === 'cdc' || mode === 'api_cdc'
  const table = mode === 'outbox' ? 'chat_outbox' : 'chat_cdc'
  const onNudge = () => metrics.nudges.inc()
  const announcer = new Announcer({
    publisher: isPublished ? createPublisher(needs, audience) : undefined,
    outbox: isWritten ? new Outbox({ table, partitions, epoch: needs.epoch, audience, notifier, onNudge }) : undefined,
  })
  if (realTime.hub) return { announcer, housekeeper: undefined }
  // In every mode: the one before may have left rows.
  const housekeeper = new Housekeeper({
    db,
    partitions,
    notifier,
    onError,
    onMeasured: (measures) => metrics.measured(measures),
    onDropped: (rows) => metrics.outboxDropped.inc(rows),
  })
  return { announcer, housekeeper }
}

function createPublisher({ db, epoch, realTime, metrics, onError }: Needs, audience: Audience): Publisher {
  return new Publisher({
    audience,
    broadcaster: countBroadcasts(realTime.broadcaster, metrics),
    epoch,
    isAlone: realTime.hub !== undefined,
    onError,
    readRoom: (roomId) =>
      db
        .selectFrom('rooms')
        .select(['version', 'members_version', 'delivery'])
        .where('id', '=', roomId)
        .executeTakeFirst(),
  })
}
