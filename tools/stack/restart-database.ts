import { queryOnce } from '../../server/testing/query.ts'
import { until } from './ports.ts'

/** Ends the PostgreSQL of a stack by this signal; resolves when the one that takes its place answers. */
export async function restartDatabase(url: string, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  const before = await postmasterOf(url)
  process.kill(before, signal)
  await until(() =>
    postmasterOf(url).then(
      (pid) => pid !== before,
      () => false,
    ),
  )
}

async function postmasterOf(url: string): Promise<number> {
  const [row] = await queryOnce<{ pid: string }>(
    url,
    `select split_part(pg_read_file('postmaster.pid'), e'\\n', 1) as pid`,
  )
  return Number(row?.pid)
}
