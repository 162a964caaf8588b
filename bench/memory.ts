import { setTimeout as sleep } from 'node:timers/promises'
import { Api } from './api.ts'
import { type Installation, startInstallation } from './installation.ts'
import { openLoop } from './load.ts'
import { canReadProcesses, processName, processTree, pssBytes } from './process-tree.ts'
import type { Row } from './report.ts'
import type { Scope } from './scope.ts'
import { addRooms, addUsers, openDatabase } from './world.ts'

export const memorySizes = { requests: 400, quietSeconds: 10 }

const targetMB = 250

/** What an installation started by `npm start` holds when nobody does anything, some time after it was used. */
export async function memory(scope: Scope, { requests, quietSeconds } = memorySizes): Promise<Row[]> {
  if (!canReadProcesses) {
    return [{ name: 'idle', value: Number.NaN, unit: 'MB', void: 'only Linux tells how processes share memory' }]
  }
  const installation = await startInstallation(scope, { isLaunched: true })
  await use(scope, installation, requests)
  scope.say(`quiet for ${quietSeconds} s`)
  await sleep(quietSeconds * 1000)
  const processes = processTree(installation.pid).map((pid) => ({ name: processName(pid), bytes: pssBytes(pid) }))
  const total = processes.reduce((sum, { bytes }) => sum + bytes, 0)
  const note = `PSS of ${processes.length} processes after ${requests} requests and ${quietSeconds} s of quiet`
  return [
    { name: 'idle, in all', value: total / 1e6, unit: 'MB', target: { atMost: targetMB }, note },
    ...together(processes),
  ]
}

type Process = { name: string; bytes: number }

/** One row for all processes of one name. */
function together(processes: readonly Process[]): Row[] {
  const groups = Map.groupBy(processes, ({ name }) => name)
  return [...groups].map(([name, group]) => ({
    name: group.length > 1 ? `${name} × ${group.length}` : name,
    value: group.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6,
    unit: 'MB',
  }))
}

/** Half of the requests send, half read; our own connections to server and database are closed again. */
async function use(scope: Scope, installation: Installation, requests: number) {
  scope.say(`${requests} requests`)
  const db = await openDatabase(scope, installation)
  const users = await addUsers(db, 'user', 20)
  const [roomId = 0] = await addRooms(db, 'Room', 1, users)
  await db.end()
  const api = await Api.open(installation.url, 8)
  const act = (n: number) => {
    const user = users[n % users.length]!
    return n % 2 ? api.send(roomId, user) : api.read(`/api/rooms/${roomId}/messages/`, user)
  }
  const { refused } = await openLoop(act, { perSecond: 200, count: requests })
  if (refused > 0) throw new Error(`${refused} of ${requests} requests were refused`)
  api.close()
}
