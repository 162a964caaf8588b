import { setTimeout as sleep } from 'node:timers/promises'
import { restartDatabase } from '../../tools/stack/restart-database.ts'
import type { Service } from '../../tools/stack/service.ts'
import type { LargeInstallation } from '../large-installation.ts'
import type { Fault, Field } from './fault.ts'
import { networkFaults } from './network.ts'

type LargeFault = Fault<LargeInstallation>
type LargeField = Field<LargeInstallation>

/** Kills one of them and starts it again after a moment; as often as there is time. */
async function killByTurns({ seconds, seeded }: LargeField, services: readonly (Service | undefined)[]): Promise<void> {
  const end = performance.now() + seconds * 1_000
  for (let n = 0; n === 0 || performance.now() < end; n++) {
    const service = services[n % services.length]
    if (!service) throw new Error('what is to be killed is not there')
    await service.kill()
    await sleep(seeded.below(1_000))
    await service.start()
    await sleep(500 + seeded.below(1_000))
  }
}

const consumersOf = ({ installation: { stack } }: LargeField) => stack.consumers ?? stack.centrifugo.service

/** A row of which the real-time layer will never say that it is done, and one that nobody reads. */
async function addPoison({ installation, scene }: LargeField): Promise<void> {
  const table = installation.mode === 'outbox' ? 'chat_outbox' : 'chat_cdc'
  for (const [method, payload, partition] of [
    ['publish', '{"channel":"nowhere:1","data":{}}', 0],
    ['dance', '{}', 1],
    ['publish', '{"channel":"personal:0","data":{"type":"none","body":{}}}', 99],
  ]) {
    await installation.query(`insert into ${table} (method, payload, partition) values ($1, $2, $3)`, [
      method,
      payload,
      partition,
    ])
  }
  scene.phase('poison is in')
}

/** What can happen in every mode of the large shape. */
const everywhere: readonly LargeFault[] = [
  { id: 'L0', title: 'nothing: everything works' },
  {
    id: 'L2',
    title: 'backends killed by turns, whatever they are doing (N1–N5)',
    inject: (field) => killByTurns(field, field.installation.stack.backends),
  },
  {
    id: 'L6',
    title: 'PostgreSQL killed with its connections, and back at once (N6)',
    async inject({ installation, seconds }) {
      for (let n = 0; n < Math.max(2, seconds / 6); n++) {
        await restartDatabase(installation.databaseUrl, 'SIGQUIT')
        await sleep(1_500)
      }
    },
  },
  {
    id: 'L11',
    title: 'the real-time layer killed with its memory, again and again (N10, N11)',
    inject: (field) => killByTurns(field, [field.installation.stack.centrifugo.service]),
  },
  {
    id: 'L23',
    title: 'backends replaced one after the other (N23)',
    async inject({ installation: { stack }, seconds }) {
      for (let n = 0; n < Math.max(2, seconds / 4); n++) {
        const backend = stack.backends[n % 2]!
        await backend.stop()
        await backend.start()
      }
    },
  },
]

const byRows: readonly LargeFault[] = [
  {
    id: 'L5',
    title: 'what reads the rows killed after it has published, before it says so (N5)',
    inject: (field) => killByTurns(field, [consumersOf(field)]),
  },
  {
    id: 'N29',
    title: 'rows that cannot be done, in two partitions and in one that there is not',
    async inject(field) {
      await addPoison(field)
      await sleep(field.seconds * 1_000)
    },
  },
]

const byKafka: readonly LargeFault[] = [
  {
    id: 'N28k',
    title: 'Kafka killed',
    inject: (field) => killByTurns({ ...field, seconds: 1 }, [field.installation.stack.cdc?.kafka]),
  },
  {
    id: 'N28c',
    title: 'Kafka Connect killed, and away for a while',
    async inject({ installation: { stack }, seconds }) {
      await stack.cdc?.connect.kill()
      await sleep(seconds * 1_000)
      await stack.cdc?.connect.start()
    },
  },
]

/** Of the small shape's, those that are between people and the door. */
const between = networkFaults.filter(({ id }) => ['N15', 'N16', 'N18'].includes(id))

/** What the large shape suffers in this mode. */
export function largeFaultsOf(mode: LargeInstallation['mode']): readonly LargeFault[] {
  const isByCdc = mode === 'cdc' || mode === 'api_cdc'
  return [...everywhere, ...between, ...(mode === 'api' ? [] : byRows), ...(isByCdc ? byKafka : [])]
}

/** What neither shape has here; it stands here so that no number is silently missing. */
export const missingFaults: readonly Fault[] = [
  { id: 'N12', title: 'Redis killed, and restored from an old snapshot', needs: 'real Centrifugo on Redis' },
]
