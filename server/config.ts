import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { StartError } from './start-error.ts'

/** One IP address or a network in CIDR form. */
const Network = z.string().refine((text) => {
  const [address = '', bits, more] = text.split('/')
  const family = isIP(address)
  if (!family || more !== undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
})

const Port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((port) => port <= 65_535)

const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/** Every setting there is, with its default; the README's table says the same (checked by a test). */
const Settings = z.object({
  PORT: Port.default(9000).describe('a port number, 0 to 65535'),
  HOST: z.string().min(1).default('127.0.0.1').describe('an address to listen on, such as 127.0.0.1 or 0.0.0.0'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('data')
    .transform((path) => resolve(path))
    .describe('a folder'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => URL.canParse(url) && new URL(url).pathname === '/')
    .transform((url) => (URL.canParse(url) ? new URL(url).origin : url))
    .optional()
    .describe('the address that people type, such as https://chat.example.com, without a path'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/)
    .optional()
    .describe('a PostgreSQL address, such as postgres://user:password@host/database'),
  SECRET: z.string().min(32).optional().describe('a secret of at least 32 characters'),
  TRUSTED_PROXIES: z
    .string()
    .transform(list)
    .pipe(z.array(Network))
    .default([])
    .describe('addresses or networks of the proxies in front, separated by commas, such as 127.0.0.1,10.0.0.0/8'),
  LARGE_ROOM_MEMBERS: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .optional()
    .describe('a number of members, 0 for never'),
  INTERNAL_PORT: Port.optional().describe('a port number, 0 to 65535'),
  CENTRIFUGO_HTTP_API_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe("the address of Centrifugo's API, such as http://127.0.0.1:8000/api"),
  CENTRIFUGO_HTTP_API_KEY: z.string().min(16).optional().describe('a secret of at least 16 characters'),
  CENTRIFUGO_TOKEN_SECRET: z.string().min(32).optional().describe('a secret of at least 32 characters'),
  CENTRIFUGO_BROADCAST_MODE: z
    .enum(['api', 'outbox', 'cdc', 'api_cdc'])
    .optional()
    .describe('api, outbox, cdc or api_cdc'),
  CENTRIFUGO_OUTBOX_PARTITIONS: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .refine((partitions) => partitions >= 1 && partitions <= 256)
    .default(8)
    .describe('a number from 1 to 256'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('warn')
    .describe('fatal, error, warn, info, debug or silent'),
})

export type Config = z.output<typeof Settings>
export const settingNames = Object.keys(Settings.shape)

/** Reads and checks all settings at once. Throws one StartError that names every mistake, never a value. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Settings.safeParse(given)
  if (parsed.success) return whole(parsed.data)
  const names = new Set(parsed.error.issues.map((issue) => String(issue.path[0])))
  const sentences = [...names].map((name) => `${name} must be ${describe(name)}.`)
  throw new StartError(sentences.join(' '))
}

/** Sockets are Centrifugo's or ours: half of the settings of one of them would be a trap. */
function whole(config: Config): Config {
  const { CENTRIFUGO_HTTP_API_ENDPOINT: endpoint } = config
  const needed = ['CENTRIFUGO_HTTP_API_KEY', 'CENTRIFUGO_TOKEN_SECRET'] as const
  const missing = needed.filter((name) => config[name] === undefined)
  if (endpoint !== undefined && missing.length > 0) {
    throw new StartError(`CENTRIFUGO_HTTP_API_ENDPOINT needs ${missing.join(' and ')}, too.`)
  }
  const idle = (['CENTRIFUGO_TOKEN_SECRET', 'CENTRIFUGO_BROADCAST_MODE'] as const).filter(
    (name) => config[name] !== undefined,
  )
  if (endpoint === undefined && idle.length > 0) {
    throw new StartError(`${idle.join(' and ')} mean nothing without CENTRIFUGO_HTTP_API_ENDPOINT.`)
  }
  if (endpoint === undefined) return config
  return { ...config, CENTRIFUGO_BROADCAST_MODE: config.CENTRIFUGO_BROADCAST_MODE ?? 'outbox' }
}

function describe(name: string): string {
  const shape: Record<string, z.ZodType> = Settings.shape
  return shape[name]?.description ?? 'something else'
}
