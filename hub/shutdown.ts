import { setTimeout as sleep } from 'node:timers/promises'
import { disconnects } from './codes.ts'
import type { Node } from './node.ts'

/** How often a part of the clients is sent away. */
const stepSeconds = 0.1

export async function shutDown(node: Node, graceSeconds: number): Promise<void> {
  const drained = node.connections.drained()
  const leaving = node.connections.all()
  const steps = Math.max(1, Math.floor(graceSeconds / stepSeconds))
  const perStep = Math.ceil(leaving.length / steps)
  while (leaving.length > 0) {
    for (const client of leaving.splice(0, perStep)) client.disconnect(disconnects.shutdown)
    if (leaving.length > 0) await sleep(stepSeconds * 1000)
  }
  await drained
  node.timers.stop()
}
