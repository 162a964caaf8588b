import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestPostgres } from '../../server/embedded-postgres/testing.ts'
import { Backend } from './backend.ts'
import { Cdc } from './cdc.ts'
import { type BroadcastMode, consumerEnvironment, isByCdc, outboxPartitions } from './centrifugo-consumers.ts'
import { makeCentrifugo } from './centrifugo-program.ts'
import { ensureNginx, startNginx } from './nginx.ts'
import { noProxy } from './nginx-files.ts'
import { answers, freePort } from './ports.ts'
import { findCentrifugo, makeConsumers, startEngine } from './real-time.ts'
import type { Service } from './service.ts'

export type StackOptions = {
  /** How events get to Centrifugo. */
  mode: BroadcastMode
  engine: 'memory' | 'redis'
  backends: number
  /** Settings of the backends, and of PostgreSQL, over those that the stack chooses. */
  settings?: Record<string, string>
  databaseSettings?: Record<string, string>
  /** Gives the path of Centrifugo's program, or throws a sentence that says why there is none. */
  centrifugo?: () => Promise<string>
  /** Hears what is being done. */
  say?: (line: string) => void
  /** Ends the start early, and everything that is up by then. */
  signal?: AbortSignal
}

export type LargeStack = {
  /** The one origin: Nginx's. */
  url: string
  backends: readonly Backend[]
  databaseUrl: string
  /** For the first account, which is made from behind a proxy. */
  setupCode: string
  /** The hub run alone is in Centrifugo's place, for this reason. */
  standIn: string | undefined
  /** Beside the hub, what Centrifugo's consumers would do; real Centrifugo does it itself. */
  consumers: Service | undefined
  /** Kafka, Kafka Connect and Debezium, where the mode needs them. */
  cdc: Cdc | undefined
  centrifugo: { service: Service; apiUrl: string; apiKey: string }
  accessLog: string
  /** What Nginx said, its log of errors included. */
  nginxOutput(): string
  /** Ends everything in reverse order. */
  stop(): Promise<void>
}

type Stop = () => Promise<void>

/** Logical decoding is for CDC; a slot that nobody reads must not fill the disk. */
const databaseSettings = { wal_level: 'logical', max_slot_wal_keep_size: '64MB' }

/** The large shape as native processes on loopback, with everything new and in a folder of its own. */
export async function startStack(options: StackOptions): Promise<LargeStack> {
  const up: Stop[] = []
  let stopping: Promise<void> | undefined
  const stopAll = async () => {
    const failures: unknown[] = []
    // What cannot be ended must not keep the rest running.
    while (up.length > 0) await up.pop()!().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything of the stack could be ended.')
  }
  const stop = () => (stopping ??= stopAll())
  try {
    return await bringUp(options, up, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

/** What everybody needs who brings up a part. */
type Site = {
  options: StackOptions
  folder: string
  url: string
  databaseUrl: string
  up: Stop[]
  next: (line: string) => void
}

async function bringUp(options: StackOptions, up: Stop[], stop: Stop): Promise<LargeStack> {
  const site = await openSite(options, up)
  const cdc = isByCdc(options.mode) ? await startKafka(site) : undefined
  const realTime = await startRealTime(site, cdc)
  const backends = await startBackends(site, realTime)
  if (cdc) {
    site.next('Kafka Connect and Debezium …')
    await cdc.startConnect()
  }
  const consumers = await startConsumers(site, realTime)
  const { accessLog, nginx } = await openDoor(site, backends, realTime)
  return {
    url: site.url,
    backends,
    databaseUrl: site.databaseUrl,
    setupCode: /one-time code: (\S+)/.exec(backends[0]?.output ?? '')?.[1] ?? '',
    standIn: realTime.standIn,
    consumers,
    cdc,
    centrifugo: realTime,
    accessLog,
    nginxOutput: () => nginx.output(),
    stop,
  }
}

async function openSite(options: StackOptions, up: Stop[]): Promise<Site> {
  const { say = () => {}, signal } = options
  const next = (line: string) => {
    signal?.throwIfAborted()
    say(line)
  }
  next('Nginx …')
  await ensureNginx()
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-stack-'))
  up.push(() => rm(folder, { recursive: true, force: true }))
  next('PostgreSQL …')
  const postgres = await startTestPostgres({ ...databaseSettings, ...options.databaseSettings })
  up.push(() => postgres.stop())
  return { options, folder, url: `http://127.0.0.1:${await freePort()}`, databaseUrl: postgres.url, up, next }
}

async function startKafka({ folder, databaseUrl, up, next }: Site): Promise<Cdc> {
  next('Kafka …')
  const cdc = await Cdc.prepare({ folder, databaseUrl })
  up.push(() => cdc.stop())
  await cdc.startKafka()
  return cdc
}

type RealTime = LargeStack['centrifugo'] & {
  standIn: string | undefined
  port: number
  tokenSecret: string
  consumers: Record<string, string>
}

async function startRealTime({ options, url, databaseUrl, up, next }: Site, cdc?: Cdc): Promise<RealTime> {
  const { program, standIn } = await findCentrifugo(options.centrifugo)
  next(program === undefined ? 'The hub in place of Centrifugo …' : 'Centrifugo …')
  const settings = {
    program,
    port: await freePort(),
    internalPort: await freePort(),
    tokenSecret: secret(),
    apiKey: secret(),
    allowedOrigins: url,
    engine: await startEngine(options.engine, up),
    consumers: consumerEnvironment(options.mode, { databaseUrl, bootstrap: cdc?.bootstrap }),
  }
  const service = makeCentrifugo(settings)
  up.push(() => service.stop())
  await service.start()
  return { ...settings, service, standIn, apiUrl: `http://127.0.0.1:${settings.internalPort}/api` }
}

async function startBackends({ options, folder, url, databaseUrl, up, next }: Site, realTime: RealTime) {
  next('Backends …')
  const shared = {
    DATABASE_URL: databaseUrl,
    SECRET: secret(),
    PUBLIC_URL: url,
    TRUSTED_PROXIES: '127.0.0.1',
    CENTRIFUGO_HTTP_API_ENDPOINT: realTime.apiUrl,
    CENTRIFUGO_HTTP_API_KEY: realTime.apiKey,
    CENTRIFUGO_TOKEN_SECRET: realTime.tokenSecret,
    CENTRIFUGO_BROADCAST_MODE: options.mode,
    CENTRIFUGO_OUTBOX_PARTITIONS: String(outboxPartitions),
    ...options.settings,
  }
  const backends: Backend[] = []
  for (let n = 1; n <= options.backends; n++) {
    const [port, internalPort] = [String(await freePort()), String(await freePort())]
    const own = { PORT: port, INTERNAL_PORT: internalPort, DATA_DIR: join(folder, `backend-${n}`) }
    await mkdir(own.DATA_DIR)
    backends.push(new Backend(`Backend ${n}`, { ...shared, ...own }))
  }
  up.push(async () => void (await Promise.all(backends.map((backend) => backend.stop()))))
  await Promise.all(backends.map((backend) => backend.start()))
  return backends
}

/** Beside the hub only; the tables must be there. */
async function startConsumers({ options, up, next }: Site, { standIn, ...realTime }: RealTime) {
  if (standIn === undefined || options.mode === 'api') return undefined
  next('Consumers in place of Centrifugo’s …')
  const consumers = makeConsumers({ ...realTime, environment: realTime.consumers })
  up.push(() => consumers.stop())
  await consumers.start()
  return consumers
}

async function openDoor({ folder, url, up, next }: Site, backends: readonly Backend[], realTime: RealTime) {
  next('The door …')
  const accessLog = join(folder, 'access.log')
  await mkdir(join(folder, 'nginx'))
  const { host, port } = new URL(url)
  const nginx = await startNginx(join(folder, 'nginx'), Number(port), {
    listen: host,
    backends: backends.map((backend) => serverLine(backend.url)).join(' '),
    centrifugo: serverLine(`http://127.0.0.1:${realTime.port}`),
    frontProxy: noProxy,
    accessLog,
    resolver: '127.0.0.1',
  })
  up.push(() => nginx.stop())
  await nginx.until(() => answers(`${url}/health/ready`))
  return { accessLog, nginx }
}

const secret = () => randomBytes(32).toString('hex')
const serverLine = (url: string) => `server ${new URL(url).host} max_fails=0;`
