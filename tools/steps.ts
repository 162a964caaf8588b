import { spawn } from 'node:child_process'
import { join } from 'node:path'

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

export type RunOptions = { isQuiet?: boolean; env?: Record<string, string> }

/** Runs a command in the root folder; resolves with its exit code and all that it printed. */
export function run(
  command: string[],
  { isQuiet = false, env = {} }: RunOptions = {},
): Promise<{ code: number; output: string }> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (!isQuiet) process.stdout.write(text)
      })
    }
    child.on('error', (error) => resolve({ code: 127, output: `${program}: ${error.message}` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
