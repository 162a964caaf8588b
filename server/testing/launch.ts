import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { afterwards } from './afterwards.ts'

const main = join(import.meta.dirname, '..', 'main.ts')

export type Launched = {
  child: ChildProcess
  output: () => string
  ended: Promise<number | string>
  /** Its address, once it says that it is running. */
  running: Promise<string>
}
export type Settings = Record<string, string>

/** The product as a process of its own, with these settings alone; ended with the test. */
export function launch(t: TestContext, settings: Settings, args: string[] = [], program = main): Launched {
  const env = { PATH: process.env['PATH'] ?? '', PORT: '0', ...settings }
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? ''))
  })
  const running = new Promise<string>((resolve, reject) => {
    const hear = (text: string) => {
      output += text
      const url = /GrandChat is running: (\S+)/.exec(output)?.[1]
      if (url) resolve(url)
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    void ended.then((code) => reject(new Error(`ended with ${code}: ${output}`)))
  })
  running.catch(() => undefined)
  afterwards(t, async () => {
    child.kill('SIGTERM')
    await ended
  })
  return { child, output: () => output, ended, running }
}

/** An empty folder, removed with the test. */
export async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'grandchat-start-'))
  afterwards(t, () => rm(path, { recursive: true, force: true }))
  return path
}
