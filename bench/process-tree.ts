import { readdirSync, readFileSync } from 'node:fs'

export const canReadProcesses = process.platform === 'linux'

/** Linux counts processor time in hundredths of a second, whatever the kernel's own clock. */
export const ticksPerSecond = 100

/** A process and everything it started, as far as it lives. Empty where there is no /proc. */
export function processTree(root: number): number[] {
  if (!canReadProcesses) return [root]
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    const [, parent] = statOf(Number(entry)) ?? []
    if (parent) parents.set(Number(entry), Number(parent))
  }
  const tree = [root]
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  return tree
}

/** Proportional set size: memory shared by n processes counts 1/n in each, so that the sum is what is really used. */
export function pssBytes(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kilobytes ?? 0) * 1024
}

/** Processor time that these processes have used so far, and those of their children that have ended. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = statOf(pid)
    return fields ? fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) : 0
  })
  return ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond
}

/** The command as a person would name it: `server/main.ts`, `postgres: checkpointer`. */
export function processName(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
  const script = words.find((word) => /\.m?[jt]s$/.test(word) && !word.startsWith('-'))
  if (script) return script
  const title = words.join(' ').trim()
  if (!title.startsWith('postgres:')) return /\/bin\/postgres\b/.test(title) ? 'postgres: postmaster' : title
  return title.replace('grandchat: ', '').replace(/^(postgres: grandchat).*/, '$1 (a connection)')
}

/** The fields of /proc/<pid>/stat from the state on: the name before it may hold spaces and brackets. */
function statOf(pid: number): string[] | undefined {
  if (!(pid > 0)) return undefined
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
