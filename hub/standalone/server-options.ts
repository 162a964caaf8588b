/** Of the server around the hub; what is not given has the value of `serverDefaults`. */
export type ServerOptions = {
  /** Default: all addresses of the machine. */
  address?: string
  /** 0: any free one. */
  port?: number
  /** Default: the same as `address`. */
  internalAddress?: string
  /** The API, metrics and health get this port to themselves. Default: they share `port`. */
  internalPort?: number
  isWebSocketDisabled?: boolean
  webSocketPath?: string
  hasHttpStream?: boolean
  httpStreamPath?: string
  hasSse?: boolean
  ssePath?: string
  /** Where clients of the two send their commands to. */
  emulationPath?: string
  isApiDisabled?: boolean
  apiPath?: string
  /** Without one, all calls are refused with 401. */
  apiKey?: string
  /** No key is asked for. */
  isApiInsecure?: boolean
  /** The API stays on `port` even if there is an internal one. */
  isApiExternal?: boolean
  apiErrorMode?: 'transport'
  hasMetrics?: boolean
  metricsPath?: string
  hasHealth?: boolean
  healthPath?: string
  logLevel?: LogLevel
  /** For connections to end after a signal; what is left then is cut. */
  shutdownTimeoutSeconds?: number
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'none'] as const
export type LogLevel = (typeof logLevels)[number]

export const serverDefaults = {
  port: 8000,
  isWebSocketDisabled: false,
  webSocketPath: '/connection/websocket',
  hasHttpStream: false,
  httpStreamPath: '/connection/http_stream',
  hasSse: false,
  ssePath: '/connection/sse',
  emulationPath: '/emulation',
  isApiDisabled: false,
  apiPath: '/api',
  isApiInsecure: false,
  isApiExternal: false,
  hasMetrics: false,
  metricsPath: '/metrics',
  hasHealth: false,
  healthPath: '/health',
  logLevel: 'info',
  shutdownTimeoutSeconds: 30,
} as const satisfies ServerOptions

export type ResolvedServerOptions = Required<Pick<ServerOptions, keyof typeof serverDefaults>> & ServerOptions
