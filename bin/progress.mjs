/** An expected failure: its message is all that the person at the terminal needs. */
export class Failure extends Error {}

const STILL_MS = 15_000

/** Says that something has begun, that it is still going on, and how long it took. */
export async function showProgress(doing, work) {
  const start = performance.now()
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${doing} …`)
  const timer = setInterval(() => console.log(`${doing} … ${seconds()} s so far`), STILL_MS)
  try {
    const result = await work()
    if (result === 0) console.log(`${doing}: done in ${seconds()} s.`)
    return result
  } finally {
    clearInterval(timer)
  }
}

/** Runs a launcher: its answer is the exit code, a Failure is one sentence and code 1. */
export async function main(launch) {
  try {
    process.exitCode = await launch()
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error)
    process.exitCode = 1
  }
}
