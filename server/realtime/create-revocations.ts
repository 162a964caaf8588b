import type { Database } from '../database/database.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { RealTime } from './real-time.ts'
import { RevocationJobs } from './revocation-jobs.ts'
import { carryOutAtOnce, Revocations } from './revocations.ts'

/** Between two cleanings of what has expired. */
const forgetMs = 10 * 60 * 1000

type Needs = { db: Database; realTime: RealTime; metrics: Metrics; onError: (error: unknown) => void }

/** At once by the hub of this process; with Centrifugo as jobs of whichever backend. `upkeep` goes on in the background. */
export async function createRevocations({ db, realTime, metrics, onError }: Needs) {
  const jobs = realTime.hub ? undefined : new RevocationJobs({ db, revoke: realTime.revoke, onError: onFailure })
  const carryOut = jobs ? () => jobs.wake() : carryOutAtOnce(realTime.revoke, onError)
  const revocations = new Revocations(carryOut)
  if (jobs) jobs.wake()
  else await revocations.replay(db)
  const forgetting = setInterval(() => void revocations.forgetExpired(db).catch(onError), forgetMs)
  forgetting.unref()
  const upkeep = {
    async stop() {
      clearInterval(forgetting)
      await jobs?.stop()
    },
  }
  return { revocations, upkeep }

  function onFailure(error: unknown): void {
    metrics.revocationFailures.inc()
    onError(error)
  }
}
