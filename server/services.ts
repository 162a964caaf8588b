import { createHmac, randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { type Database, openDatabase } from './database/database.ts'
import { readEpoch } from './database/epoch.ts'
import { CsrfTokens } from './http/csrf.ts'
import { Lifecycle } from './http/lifecycle.ts'
import { isOwnOrigin } from './http/origin.ts'
import { UserLimits } from './http/user-limits.ts'
import { Sender } from './messages/send.ts'
import { Metrics } from './metrics/metrics.ts'
import { ScheduledSends } from './own-rows/scheduled-sends.ts'
import { Reactor } from './reactions/react.ts'
import type { Announcer } from './realtime/announcer.ts'
import { createAnnouncer } from './realtime/create-announcer.ts'
import { createRevocations } from './realtime/create-revocations.ts'
import { channelOptions } from './realtime/namespaces.ts'
import { centrifugoRealTime, hubRealTime, type RealTime } from './realtime/real-time.ts'
import type { Revocations } from './realtime/revocations.ts'
import { Tokens } from './realtime/tokens.ts'
import { type After, Receipts } from './receipts/receipts.ts'
import { Lanes } from './rooms/lanes.ts'
import { settleDelivery } from './rooms/settle-delivery.ts'
import { Packer } from './search/packer.ts'
import { SignInThrottle } from './sessions/throttle.ts'

/** What the slices are given; made once at start, here and nowhere else. */
export type Services = {
  config: Config
  logger: Logger
  db: Database
  epoch: string
  realTime: RealTime
  csrf: CsrfTokens
  tokens: Tokens
  lanes: Lanes
  /** Above so many members a public room is delivered by its own channel; 0: never. */
  largeRoomMembers: number
  announcer: Announcer
  sender: Sender
  reactor: Reactor
  receipts: Receipts
  scheduledSends: ScheduledSends
  revocations: Revocations
  userLimits: UserLimits
  signInThrottle: SignInThrottle
  setupCode: string
  lifecycle: Lifecycle
  metrics: Metrics
  packer: Packer
  housekeeping: Housekeeping
}

/** What goes on in the background, until it is stopped. */
export type Housekeeping = { stop(): Promise<void> }

/** Publishing to many channels costs more where it goes over HTTP and through an outbox. */
const defaultLargeRoom = { hub: 1_000, centrifugo: 300 }

/** `setup` makes the one-time code for setting up; without it the code is made at random. */
export type Secrets = { token: string; csrf: string; setup?: string }

/** What all backends of one installation share, so that it does not matter which of them is asked. */
export function secretsFrom(secret: string): Secrets {
  const derived = (purpose: string) => createHmac('sha256', secret).update(purpose).digest('base64url')
  return { token: derived('token'), csrf: derived('csrf'), setup: derived('setup') }
}

export async function createServices(
  config: Config,
  connectionString: string,
  secrets: Secrets,
  logger: Logger,
  afterReceipts?: After,
): Promise<Services> {
  const lifecycle = new Lifecycle()
  const onError = (error: unknown) => {
    // Connections that end because we are ending are no news.
    if (!lifecycle.isStopping) logger.error({ err: error }, 'in the background')
  }
  const metrics = new Metrics()
  const db = openDatabase({ connectionString, onError, watch: (state) => metrics.watchPool(state) })
  const epoch = await readEpoch(db)
  const realTime = createRealTime(config, secrets, logger)
  metrics.watchBreaker(() => realTime.isAway())
  const lanes = new Lanes({}, () => metrics.laneRefusals.inc())
  const { announcer, housekeeper } = createAnnouncer({ config, db, epoch, realTime, metrics, onError })
  const { revocations, upkeep } = await createRevocations({ db, realTime, metrics, onError })
  const largeRoomMembers =
    config.LARGE_ROOM_MEMBERS ?? (realTime.hub ? defaultLargeRoom.hub : defaultLargeRoom.centrifugo)
  await settleDelivery({ db, lanes, announcer, largeRoomMembers }).catch(onError)
  housekeeper?.start()
  const sender = new Sender({ db, lanes, announcer, metrics })
  const scheduledSends = new ScheduledSends({ db, sender, lanes, announcer, largeRoomMembers, onError })
  scheduledSends.wake()
  const changer = { db, lanes, announcer, largeRoomMembers }
  const receipts = new Receipts({ changer, onError, ...(afterReceipts && { after: afterReceipts }) })
  const packer = new Packer({ db, onError })
  packer.start()
  return {
    config,
    logger,
    db,
    epoch,
    realTime,
    csrf: new CsrfTokens(secrets.csrf),
    tokens: new Tokens(config.CENTRIFUGO_TOKEN_SECRET ?? secrets.token),
    lanes,
    largeRoomMembers,
    announcer,
    sender,
    reactor: new Reactor(changer),
    receipts,
    scheduledSends,
    revocations,
    userLimits: new UserLimits(),
    signInThrottle: new SignInThrottle(),
    setupCode: makeSetupCode(secrets.setup),
    lifecycle,
    metrics,
    packer,
    housekeeping: {
      async stop() {
        await Promise.all([housekeeper?.stop(), upkeep.stop(), scheduledSends.stop(), packer.stop(), receipts.stop()])
      },
    },
  }
}

/** Centrifugo where one is named, else the hub of this process. */
function createRealTime(config: Config, secrets: Secrets, logger: Logger): RealTime {
  const { CENTRIFUGO_HTTP_API_ENDPOINT: endpoint, CENTRIFUGO_HTTP_API_KEY: key = '' } = config
  if (endpoint !== undefined) return centrifugoRealTime({ endpoint, key })
  return hubRealTime({
    ...channelOptions,
    token: { hmacSecretKey: secrets.token, algorithms: ['HS256'] },
    checkOrigin: (request) => isOwnOrigin(request, config.PUBLIC_URL),
    logger,
  })
}

/** Ten letters and digits that cannot be mistaken for each other: 49 bits, throttled. */
function makeSetupCode(secret?: string): string {
  const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
  const bytes = secret === undefined ? randomBytes(40) : createHmac('sha512', secret).update('code').digest()
  // Four bytes a letter: what is left of the division favours none that anybody could notice.
  const letter = (n: number) => alphabet[bytes.readUInt32BE(n * 4) % alphabet.length]
  const code = Array.from({ length: 10 }, (_, n) => letter(n)).join('')
  return `${code.slice(0, 5)}-${code.slice(5)}`
}
