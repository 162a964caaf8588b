import type { TestContext } from 'node:test'

const undone = new WeakMap<TestContext, (() => unknown)[]>()

/**
 * Like `t.after`, in the opposite order: what was made last is undone first, so that nobody removes the folder of a
 * server that still runs. Whatever fails, the rest is undone too: a process left running would keep the test file,
 * and with it the whole run, from ever ending.
 */
export function afterwards(t: TestContext, undo: () => unknown): void {
  const known = undone.get(t)
  if (known) {
    known.push(undo)
    return
  }
  const all = [undo]
  undone.set(t, all)
  t.after(async () => {
    const failures: unknown[] = []
    for (const each of all.toReversed()) {
      try {
        await each()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'What the test made could not be undone.')
  })
}
