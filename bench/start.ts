import { type InstallationOptions, startInstallation } from './installation.ts'
import type { Row } from './report.ts'
import type { Scope } from './scope.ts'
import { summarise } from './statistics.ts'

export const startSizes = { repeats: 3 }

/** From the start of the process to the first 200 of /health/ready. */
export async function start(scope: Scope, { repeats } = startSizes): Promise<Row[]> {
  // Builds the web app if need be, which is part of the installation and not of a start.
  await timeStart(scope, { isLaunched: true })
  return [
    ...(await firstAndLater(scope, 'the server', repeats, false)),
    ...(await firstAndLater(scope, 'npm start', repeats, true)),
  ]
}

async function firstAndLater(scope: Scope, what: string, repeats: number, isLaunched: boolean): Promise<Row[]> {
  scope.say(`${what}: on an empty folder, then ${repeats} times again`)
  const folder = scope.folder()
  const first = await timeStart(scope, { folder, isLaunched })
  const later: number[] = []
  for (let i = 0; i < repeats; i++) later.push(await timeStart(scope, { folder, isLaunched }))
  return [
    { name: `${what}, first start`, value: first, unit: 's', target: { atMost: 8 } },
    { name: `${what}, later starts`, ...summarise(later), unit: 's', target: { atMost: 2 } },
  ]
}

async function timeStart(scope: Scope, options: InstallationOptions): Promise<number> {
  const installation = await startInstallation(scope, options)
  await installation.stop()
  return installation.readyMs / 1000
}
