/** Does something with the store, and says whether it was done. A store that fails is told of once. */
export type Attempt = (task: Promise<unknown>) => Promise<boolean>

export function createAttempt(report: (error: unknown) => void): Attempt {
  let hasReported = false
  return async (task) => {
    try {
      await task
      return true
    } catch (error) {
      if (!hasReported) report(error)
      hasReported = true
      return false
    }
  }
}
