import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from './start.ts'

export type TestPostgres = { url: string; folder: string; stop(): Promise<void> }

/** A throwaway PostgreSQL: quick because it never waits for the disk, and gone with the process that asked for it. */
export async function startTestPostgres(settings: Record<string, string> = {}): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-test-'))
  const forget = removeAfterDeath(folder)
  const postgres = await startEmbeddedPostgres({
    directory: join(folder, 'postgres'),
    sync: false,
    settings: { fsync: 'off', full_page_writes: 'off', shared_buffers: '32MB', ...settings },
  })
  return {
    url: postgres.connectionString,
    folder,
    async stop() {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
      forget()
    },
  }
}

const REMOVE_WHEN_INPUT_ENDS = `
cat > /dev/null
pid=$(head -n 1 "$1/postmaster.pid" 2> /dev/null) && kill -QUIT "$pid"
for _ in 1 2 3 4 5 6 7 8 9 10; do test -e "$1/postmaster.pid" && sleep 0.1; done
rm -rf "$0"
`

/**
 * A test may be killed at any moment. The end of its pipe, which the kernel closes, tells the watcher to end the database
 * in `cluster` and to remove `folder`. Returns how to have that done now.
 */
export function removeAfterDeath(folder: string, cluster = join(folder, 'postgres')): () => void {
  const watcher = spawn('/bin/sh', ['-c', REMOVE_WHEN_INPUT_ENDS, folder, cluster], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.unref()
  const input = watcher.stdin as typeof watcher.stdin & { unref?(): void }
  input.unref?.()
  return () => input.end()
}
