import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const root = join(import.meta.dirname, '..')

/** A command, or a function that returns what is wrong. */
export type Step = [name: string, work: string[] | (() => Promise<string[]>)]

/** Runs the steps one after the other, shows each with its time, and the output of those that fail. */
export async function runAll(steps: Step[]): Promise<boolean> {
  let isGood = true
  for (const [name, work] of steps) {
    const start = performance.now()
    const failure = typeof work === 'function' ? (await work()).join('\n') : await runQuietly(work)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    process.stdout.write(`${failure ? '✖' : '✔'} ${name} (${seconds} s)\n`)
    if (!failure) continue
    isGood = false
    process.stdout.write(`${failure}\n`)
  }
  return isGood
}

/** The command's output if it fails, else nothing. */
async function runQuietly(command: string[]): Promise<string> {
  const { code, output } = await run(command, { isQuiet: true })
  return code === 0 ? '' : output || `${command[0]} ended with ${code}`
}

export type RunOptions = { isQuiet?: boolean; env?: Record<string, string>; silenceMs?: number }

/** No step is silent for this long: one that is hangs, and would keep the whole run from ever ending. */
const longestSilenceMs = 600_000
const killAfterMs = 10_000

/**
 * Runs a command in the root folder; resolves with its exit code and all that it printed.
 * One that prints nothing for `silenceMs` is ended, with a line that says so, and counts as failed.
 */
export function run(
  command: string[],
  { isQuiet = false, env = {}, silenceMs = longestSilenceMs }: RunOptions = {},
): Promise<{ code: number; output: string }> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const hear = (text: string) => {
      output += text
      if (!isQuiet) process.stdout.write(text)
    }
    const silence = setTimeout(() => void end(), silenceMs)
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        silence.refresh()
        hear(text)
      })
    }
    const finish = (code: number) => {
      clearTimeout(silence)
      resolve({ code, output })
    }
    const end = async () => {
      hear(`${program} printed nothing for ${silenceMs / 1000} s and is ended.\n`)
      // Asked politely first: the test runner then names the files that it was waiting for.
      child.kill('SIGTERM')
      await Promise.race([once(child, 'exit'), sleep(killAfterMs, undefined, { ref: false })])
      child.kill('SIGKILL')
      // What it started may live on and hold its pipes, which must not be waited for.
      child.stdout.destroy()
      child.stderr.destroy()
      finish(1)
    }
    child.on('error', (error) => {
      hear(`${program}: ${error.message}`)
      finish(127)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}
