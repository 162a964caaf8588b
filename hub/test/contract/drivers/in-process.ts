import { startStandalone } from '../../../standalone/server.ts'
import { readSettings } from '../../../standalone/settings.ts'
import type { Driver } from '../server.ts'

/** Our hub as it runs alone, but within this process: nothing is spawned, and its configuration is read all the same. */
export const startInProcess: Driver = async (config) => {
  const { settings, mistakes } = readSettings(config)
  if (!settings) throw new Error(mistakes.join('\n'))
  const { close } = await startStandalone(settings)
  return { stop: close }
}
