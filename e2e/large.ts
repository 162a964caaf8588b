import { startStack } from '../tools/stack/large.ts'
import type { RunningServer } from './server.ts'

/** The large shape behind Nginx, for `E2E_SHAPE=large`: every journey has one of its own, as it has its server otherwise. */
export async function startLarge(): Promise<RunningServer> {
  const program = process.env['STACK_CENTRIFUGO']
  const stack = await startStack({
    mode: 'outbox',
    engine: 'memory',
    backends: 2,
    centrifugo: () => (program ? Promise.resolve(program) : Promise.reject(new Error('None was given to this run.'))),
  })
  return {
    url: stack.url,
    setupCode: stack.setupCode,
    async crash() {
      await Promise.all(stack.backends.map((backend) => backend.kill()))
      await Promise.all(stack.backends.map((backend) => backend.start()))
    },
    stop: () => stack.stop(),
  }
}
