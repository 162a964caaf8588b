import { rm, writeFile } from 'node:fs/promises'
import { run } from '../steps.ts'

/** What Debian asks before it starts the service of a package that it installs; 101 is no. */
const servicePolicy = '/usr/sbin/policy-rc.d'

/** Installs a package if we are root, without starting its service. Whether that worked is for the caller to see. */
export async function installFromDebian(name: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  process.stdout.write(`Installing ${name} …\n`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const hasPolicy = await writeFile(servicePolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' }).then(
    () => false,
    () => true,
  )
  try {
    await run(['apt-get', 'update', '-qq'], { isQuiet: true, env })
    await run(['apt-get', 'install', '-y', '-qq', name], { isQuiet: true, env })
  } finally {
    if (!hasPolicy) await rm(servicePolicy, { force: true })
  }
}
