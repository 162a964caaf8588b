import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const WATCH = new URL('./parent-watch.mjs', import.meta.url)

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Node options that end a child with us, even if we are killed. */
export const watchOption = `--import=${WATCH.href}`

/**
 * Runs a command to its end and answers its exit code, 128 + n if signal n ended it.
 *
 * The child gets a session of its own and every signal from here, once: a terminal sends Ctrl-C to all processes in
 * front, npm passes it on as well, and a server that is told twice takes the second for impatience.
 */
export function runChild(
  file,
  args,
  { env = process.env, stdio = 'inherit', cwd = root, shell = false, onOutput } = {},
) {
  const streams = typeof stdio === 'string' ? [stdio, stdio, stdio] : stdio
  const detached = process.platform !== 'win32'
  const child = spawn(file, args, {
    cwd,
    shell,
    detached,
    env: { ...env, GRANDCHAT_LAUNCHER: String(process.pid) },
    stdio: [...streams, 'ipc'],
  })
  if (onOutput) for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput)
  let isTold = false
  const pass = (signal) => {
    if (isTold || child.pid === undefined) return
    isTold = true
    // On Windows the console has told every process already. A closed terminal is a reason to stop like any other.
    if (detached) process.kill(-child.pid, signal === 'SIGHUP' ? 'SIGTERM' : signal)
  }
  for (const signal of SIGNALS) process.on(signal, pass)
  const stopWatching = watchParent(() => pass('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  }).finally(() => {
    stopWatching()
    for (const signal of SIGNALS) process.off(signal, pass)
  })
}

/** npm starts us through a shell, and either may die without passing the signal on. */
function watchParent(onDeath) {
  if (process.env.npm_lifecycle_event === undefined) return () => {}
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`
  const atStart = ancestors()
  const timer = setInterval(() => ancestors() !== atStart && onDeath(), 500)
  return () => clearInterval(timer)
}

function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8').match(/^PPid:\s*(\d+)/m)?.[1]
  } catch {
    return undefined
  }
}
