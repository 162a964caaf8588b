/** The part of Centrifugo's v6 configuration that the suite sets. Durations are texts such as "10s". */
export type CentrifugoConfig = {
  client?: ClientConfig
  channel?: {
    max_length?: number
    history_meta_ttl?: string
    without_namespace?: ChannelConfig
    namespaces?: Array<ChannelConfig & { name: string }>
  }
  http_api?: { error_mode?: 'transport' }
  websocket?: { message_size_limit?: number; write_timeout?: string }
  http_stream?: { enabled: boolean; max_request_body_size?: number }
  sse?: { enabled: boolean; max_request_body_size?: number }
  emulation?: { max_request_body_size?: number }
  prometheus?: { enabled: boolean }
}

type ClientConfig = {
  allowed_origins?: string[]
  token?: TokenConfig
  subscription_token?: TokenConfig & { enabled: boolean }
  allow_anonymous_connect_without_token?: boolean
  insecure?: boolean
  connect_include_server_time?: boolean
  ping_interval?: string
  pong_timeout?: string
  stale_close_delay?: string
  expired_close_delay?: string
  expired_sub_close_delay?: string
  presence_update_interval?: string
  channel_limit?: number
  queue_max_size?: number
  user_connection_limit?: number
  connection_limit?: number
  history_max_publication_limit?: number
  recovery_max_publication_limit?: number
  subscribe_to_user_personal_channel?: {
    enabled: boolean
    personal_channel_namespace?: string
    single_connection?: boolean
  }
}

type TokenConfig = {
  hmac_secret_key?: string
  hmac_previous_secret_key?: string
  rsa_public_key?: string
  ecdsa_public_key?: string
  audience?: string
  issuer?: string
}

type ChannelConfig = {
  presence?: boolean
  join_leave?: boolean
  force_push_join_leave?: boolean
  history_size?: number
  history_ttl?: string
  history_meta_ttl?: string
  force_positioning?: boolean
  allow_positioning?: boolean
  force_recovery?: boolean
  allow_recovery?: boolean
  force_recovery_mode?: 'stream' | 'cache'
  auto_cache_recover?: boolean
  allowed_delta_types?: Array<'fossil'>
  delta_publish?: boolean
  allow_tags_filter?: boolean
  publication_data_format?: '' | 'json' | 'json_object' | 'binary'
  channel_regex?: string
  allow_subscribe_for_client?: boolean
  allow_subscribe_for_anonymous?: boolean
  allow_user_limited_channels?: boolean
  allow_publish_for_client?: boolean
  allow_publish_for_subscriber?: boolean
  allow_publish_for_anonymous?: boolean
  allow_history_for_client?: boolean
  allow_history_for_subscriber?: boolean
  allow_history_for_anonymous?: boolean
  allow_presence_for_client?: boolean
  allow_presence_for_subscriber?: boolean
  allow_presence_for_anonymous?: boolean
}

export const apiKey = 'the-key-of-the-tests'
export const secret = 'a secret of the tests, which is long enough for any HMAC'

type Place = { port: number; engine?: object }

/** Everything a server needs to run by itself, beside what a test file is about. */
export function wholeConfig(config: CentrifugoConfig, { port, engine }: Place): object {
  return {
    ...config,
    http_server: { address: '127.0.0.1', port },
    http_api: { ...config.http_api, key: apiKey },
    client: { ...config.client, token: config.client?.token ?? { hmac_secret_key: secret } },
    health: { enabled: true },
    log: { level: 'error' },
    shutdown: { timeout: '10s' },
    usage_stats: { disabled: true },
    ...(engine && { engine }),
  }
}
