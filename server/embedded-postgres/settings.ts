/** Small on memory and strict on durability: what the database acknowledges survives a power cut. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',

  max_connections: '100',
  shared_buffers: '64MB',
  huge_pages: 'off',
  jit: 'off',
  min_wal_size: '64MB',
  max_wal_size: '1GB',
  random_page_cost: '1.1',
  // Every helper process costs memory, and short queries gain nothing from them.
  io_method: 'sync',
  autovacuum_max_workers: '2',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',

  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  // Statements and the details of errors carry what people wrote; they have no place in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  cluster_name: 'grandchat',
}

export function settingArguments(settings: Record<string, string>): string[] {
  return Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
