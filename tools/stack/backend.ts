import { join } from 'node:path'
import { settingNames } from '../../server/config.ts'
import { root } from '../steps.ts'
import { answers } from './ports.ts'
import { startNode } from './program.ts'
import { Service } from './service.ts'

export type BackendSettings = Record<string, string> & { PORT: string; INTERNAL_PORT: string; DATA_DIR: string }

/** One backend. Its folder must be there; a changed setting counts from the next start on. */
export class Backend extends Service {
  readonly url: string
  readonly metricsUrl: string
  readonly settings: BackendSettings

  constructor(name: string, settings: BackendSettings) {
    const url = `http://127.0.0.1:${settings.PORT}`
    super(name, {
      launch: () => startNode(name, [join(root, 'server/main.ts')], { env: environmentWith(settings) }),
      isReady: () => answers(`${url}/health/ready`),
    })
    this.url = url
    this.metricsUrl = `http://127.0.0.1:${settings.INTERNAL_PORT}/metrics`
    this.settings = settings
  }
}

/** Ours without its settings, which are somebody else's. */
function environmentWith(settings: BackendSettings): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !settingNames.includes(name))
  return { ...Object.fromEntries(inherited), ...settings }
}
