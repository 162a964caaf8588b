import { execFileSync } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { durableFolder } from './scope.ts'
import { median } from './statistics.ts'

const probes = 100

/** What the figures depend on. PostgreSQL's part is added by the first figure that has one running. */
export function describeMachine(): Record<string, string> {
  return {
    commit: commit(),
    processor: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() || process.arch}`,
    memory: `${(totalmem() / 1024 ** 3).toFixed(1)} GiB`,
    disk: `fdatasync of 8 kB takes ${fdatasyncMs().toFixed(2)} ms (median of ${probes}) in ${durableFolder()}`,
    'load average': `${loadavg()[0]?.toFixed(2)} at the start`,
    node: process.version,
  }
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') ? ' with changes' : ''}`
  } catch {
    return 'unknown'
  }
}

/** What a commit costs at least: without it, figures of two disks cannot be compared. */
function fdatasyncMs(): number {
  const path = join(durableFolder(), `grandchat-bench-${process.pid}.sync`)
  const file = openSync(path, 'w')
  try {
    const page = Buffer.alloc(8192, 'x')
    const times = Array.from({ length: probes }, () => {
      writeSync(file, page)
      const start = performance.now()
      fdatasyncSync(file)
      return performance.now() - start
    })
    return median(times)
  } finally {
    closeSync(file)
    rmSync(path, { force: true })
  }
}
