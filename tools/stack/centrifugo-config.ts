import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { centrifugoConfig } from '../../hub/standalone/index.ts'
import { channelOptions } from '../../server/realtime/namespaces.ts'
import { root } from '../steps.ts'
import { consumers } from './centrifugo-consumers.ts'

export const configPath = join(root, 'deploy/centrifugo/config.json')

/**
 * Centrifugo's configuration for this product, as text. What differs between installations, and what is secret, is not in
 * it: allowed origins, the key of tokens, that of the API, the engine and which consumer runs come by environment.
 */
export function configText(): string {
  const config = centrifugoConfig(channelOptions, {
    port: 8000,
    // The API, metrics and health: for backends and probes, never for the proxy in front.
    internalPort: 9000,
    hasHttpStream: true,
    hasSse: true,
    hasHealth: true,
    hasMetrics: true,
  })
  const text = JSON.stringify({ ...config, consumers, usage_stats: { disabled: true } }, undefined, 2)
  // Lists of one stay on their line, as the formatter has them.
  return `${text.replaceAll(/\[\s+("[^"]*")\s+\]/g, '[$1]')}\n`
}

/** Writes the file anew, after a change of the namespaces. */
if (import.meta.main) await writeFile(configPath, configText())
