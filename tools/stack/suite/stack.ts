import type { BroadcastMode } from '../centrifugo-consumers.ts'
import { type LargeStack, startStack } from '../large.ts'

type Scope = { after: (end: () => unknown) => void }

/** A stack of this file's own, with the Centrifugo and the engine that the run has chosen. */
export async function stackFor({ after }: Scope, mode: BroadcastMode = 'api'): Promise<LargeStack> {
  const { STACK_CENTRIFUGO: program, STACK_ENGINE: engine } = process.env
  const stack = await startStack({
    mode,
    engine: engine === 'redis' ? 'redis' : 'memory',
    backends: 2,
    centrifugo: () => (program ? Promise.resolve(program) : Promise.reject(new Error('None was given to this run.'))),
  })
  after(() => stack.stop())
  return stack
}
