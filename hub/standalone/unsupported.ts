import type { ConfigReader, Report } from './config-reader.ts'
import { duration } from './durations.ts'
import { boolean, integer } from './kinds.ts'
import { isTree, type Tree } from './tree.ts'

/** A key of Centrifugo's that has no effect here. */
type Unsupported = {
  /** Is this what it is without being set? Then there is nothing to say. */
  isDefault: (value: unknown) => boolean
  /** Why it cannot be ignored. Without it there is a warning, and the hub starts. */
  refusal?: string
  /** True or false, so that a flag for it needs no value. */
  isSwitch?: boolean
  /** The keys below it that the environment and flags may set, where it is a section. */
  keys?: readonly string[]
}
export type UnsupportedKeys = Record<string, Unsupported>

/** A single value; empty and zero stand for the default, as with Centrifugo. */
export function leaf(byDefault: boolean | number | string, refusal?: string): Unsupported {
  const read = reading(byDefault)
  const isDefault = (value: unknown) => value === '' || value === 0 || value === null || read(value) === read(byDefault)
  const isSwitch = typeof byDefault === 'boolean'
  return refusal === undefined ? { isDefault, isSwitch } : { isDefault, isSwitch, refusal }
}

function reading(byDefault: boolean | number | string): (value: unknown) => unknown {
  if (typeof byDefault === 'boolean') return boolean.read
  if (typeof byDefault === 'number') return integer.read
  return duration.read(byDefault) === undefined ? (value) => value : duration.read
}

const isOff = (section: unknown) => isTree(section) && boolean.read(section['enabled'] ?? false) === false

/** Does nothing unless its `enabled` is true. */
function section(refusal?: string): Unsupported {
  const keys = ['enabled']
  return refusal === undefined ? { isDefault: isOff, keys } : { isDefault: isOff, keys, refusal }
}

const emptyList: Unsupported = { isDefault: (value) => Array.isArray(value) && value.length === 0 }

const inMemory = 'this hub keeps everything in memory; use Centrifugo'
const plainHttp = 'this hub speaks plain HTTP; put a proxy that speaks TLS in front of it'
const opens = 'ignoring it would let in whom it keeps out'
const names = "channels' names are read with Centrifugo's usual signs here, so other users could get in"

const otherBroker: Unsupported = {
  isDefault: (value) => isOff(value) || (isTree(value) && leaf('memory').isDefault(value['type'] ?? '')),
  refusal: inMemory,
  keys: ['enabled', 'type'],
}

const tokens: UnsupportedKeys = {
  jwks_public_endpoint: leaf(''),
  insecure_skip_jwks_endpoint_safety_check: leaf(false),
  audience_regex: leaf('', opens),
  issuer_regex: leaf('', opens),
  user_id_claim: leaf('', 'ignoring it would take one user for another'),
}

function below(prefix: string, keys: UnsupportedKeys): UnsupportedKeys {
  return Object.fromEntries(Object.entries(keys).map(([path, rule]) => [`${prefix}.${path}`, rule]))
}

export const unsupportedKeys: UnsupportedKeys = {
  'engine.type': leaf('memory', inMemory),
  broker: otherBroker,
  presence_manager: otherBroker,
  controller: section(inMemory),
  'map_broker.type': leaf('memory'),
  'http_server.tls': section(plainHttp),
  'http_server.tls_autocert': section(plainHttp),
  'http_server.internal_tls': section(plainHttp),
  'http_server.tls_external': leaf(false),
  'http_server.h2c_external': leaf(false),
  'http_server.http3': section(),
  'log.file': leaf(''),
  pid_file: leaf(''),
  'websocket.compression': leaf(false),
  'websocket.compression_min_size': leaf(0),
  'websocket.compression_level': leaf(1),
  'websocket.decompressed_message_size_limit': leaf(0),
  'websocket.read_buffer_size': leaf(0),
  'websocket.write_buffer_size': leaf(0),
  'websocket.use_write_buffer_pool': leaf(false),
  ...below('client.token', tokens),
  ...below('client.subscription_token', tokens),
  'client.disallow_anonymous_connection_tokens': leaf(false, opens),
  'client.insecure_skip_token_signature_verify': leaf(false),
  'client.user_id_http_header': leaf(''),
  'client.concurrency': leaf(0),
  'client.connection_rate_limit': leaf(0),
  'client.presence_update_interval': leaf('27s'),
  'client.channel_position_check_delay': leaf('40s'),
  'client.channel_position_max_time_lag': leaf('0s'),
  'client.proxy.connect': section(),
  'client.proxy.refresh': section(),
  'client.connect_code_to_unidirectional_disconnect': section(),
  'channel.private_prefix': leaf('$', names),
  'channel.namespace_boundary': leaf(':', names),
  'channel.user_boundary': leaf('#', names),
  'channel.user_separator': leaf(',', names),
  'rpc.ping': section(),
  'rpc.namespaces': emptyList,
  'rpc.namespace_boundary': leaf(':'),
  'rpc.without_namespace.proxy_enabled': leaf(false),
  'rpc.without_namespace.proxy_name': leaf('default'),
  'node.info_metrics_aggregate_interval': leaf('60s'),
  'prometheus.instrument_http_handlers': leaf(false),
  proxies: emptyList,
  consumers: { isDefault: (value) => Array.isArray(value) && value.every(isOff) },
  admin: section(),
  grpc_api: section(),
  uni_websocket: section(),
  uni_sse: section(),
  uni_http_stream: section(),
  uni_grpc: section(),
  webtransport: section(),
  swagger: section(),
  debug: section(),
  opentelemetry: section(),
  graphite: section(),
  enable_unreleased_features: leaf(false),
  // Nothing is sent home by this hub, whatever is set.
  usage_stats: { isDefault: () => true, keys: ['disabled'] },
}

/** The features without which the channels of a namespace would not be what its author meant. */
export const channelFeatures: UnsupportedKeys = {
  subscription_type: leaf('stream'),
  subscribe_proxy_enabled: leaf(false),
  publish_proxy_enabled: leaf(false),
  sub_refresh_proxy_enabled: leaf(false),
  subscribe_stream_proxy_enabled: leaf(false),
}

export const unsupportedChannelKeys: UnsupportedKeys = {
  ...channelFeatures,
  subscribe_proxy_name: leaf('default'),
  publish_proxy_name: leaf('default'),
  sub_refresh_proxy_name: leaf('default'),
  subscribe_stream_proxy_name: leaf('default'),
  subscribe_stream_proxy_bidirectional: leaf(false),
  shared_position_sync: leaf(false),
  map_clients_presence_channel_prefix: leaf(''),
  map_users_presence_channel_prefix: leaf(''),
}

/** Names what is in the tree and was not read, each at the highest level that has no meaning at all. */
export function reportUnsupported(tree: Tree, reader: ConfigReader, rules: UnsupportedKeys, report: Report): void {
  const meaningful = [...reader.known, ...Object.keys(rules)]
  const ruleOf = new Map(Object.entries(rules))
  const visit = (value: unknown, path: string): void => {
    const rule = ruleOf.get(path)
    if (reader.known.has(path) || value === null || rule?.isDefault(value)) return
    const name = reader.name(path) || '""'
    if (rule?.refusal) report.mistakes.push(`${name} is not supported: ${rule.refusal}.`)
    else if (rule || !meaningful.some((each) => each.startsWith(`${path}.`))) {
      if (!isTree(value) || Object.keys(value).length > 0)
        report.warnings.push(`${name} is not supported and is ignored.`)
    } else if (isTree(value)) visitAll(value, `${path}.`)
    else report.mistakes.push(`${name} must be an object.`)
  }
  const visitAll = (parent: Tree, prefix: string): void => {
    for (const [step, value] of Object.entries(parent)) visit(value, prefix + step)
  }
  visitAll(tree, '')
}
