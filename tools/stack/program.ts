import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { root } from '../steps.ts'
import { mournWithUs } from './undertaker.ts'

/** Ends a Node of ours with us, even if we are killed. */
const watchOption = `--import=${join(root, 'bin/parent-watch.mjs')}`
const stopLimitMs = 30_000
const keptOutput = 100_000

export type Program = {
  pid: number
  /** All that it printed, or the last of it. */
  output(): string
  /** Resolves once it is so; rejects, with what it printed, if it ends before. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>
  /** Asks it to end, and makes it after a while. */
  stop(): Promise<void>
  /** Ends it without a chance to say goodbye. */
  kill(): Promise<void>
}

export type ProgramOptions = { env?: NodeJS.ProcessEnv }

/** A child in a group of its own: Ctrl-C reaches us alone, and we end everything in order. */
export function startProgram(
  name: string,
  [command = '', ...args]: string[],
  { env = process.env }: ProgramOptions = {},
): Program {
  const child = spawn(command, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  return supervise(name, child)
}

/** A TypeScript file of ours. */
export function startNode(name: string, args: string[], { env = process.env }: ProgramOptions = {}): Program {
  const child = spawn(process.execPath, [watchOption, ...args], {
    cwd: root,
    env: { ...env, GRANDCHAT_LAUNCHER: String(process.pid) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  return supervise(name, child)
}

function supervise(name: string, child: ChildProcess): Program {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => (text = (text + part).slice(-keptOutput)))
  }
  const forget = mournWithUs(child.pid)
  let failure: Error | undefined
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failure = error
      resolve()
    })
    child.once('close', () => resolve())
  }).then(forget)
  const why = () => failure?.message ?? `it ended with ${child.exitCode ?? child.signalCode}.\n${text.trim()}`

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal)
    const limit = new AbortController()
    const isLate = pause(stopLimitMs, true, { signal: limit.signal }).catch(() => false)
    if (await Promise.race([ended, isLate])) child.kill('SIGKILL')
    limit.abort()
    await ended
  }

  return {
    pid: child.pid ?? 0,
    output: () => text,
    async until(isSo) {
      const end = new AbortController()
      void ended.then(() => end.abort(new Error(`${name} does not run: ${why()}`)))
      // Nobody looks any longer when it has ended: that would keep us from ending, too.
      while (!(await isSo()))
        await pause(20, undefined, { signal: end.signal }).catch(() => end.signal.throwIfAborted())
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}
