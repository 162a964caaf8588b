import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Driver } from '../server.ts'

/** Runs `<command> -c <file>`, as Centrifugo is run, and waits until it is healthy. */
export function startProcess([program = '', ...args]: readonly string[]): Driver {
  return async (config, port) => {
    const folder = await mkdtemp(join(tmpdir(), 'contract-'))
    const file = join(folder, 'config.json')
    await writeFile(file, JSON.stringify(config, undefined, 2))
    const child = spawn(program, [...args, '-c', file], { cwd: folder, env: cleanEnvironment(), stdio: 'pipe' })
    const output = collectOutput(child)
    const end = new Promise((resolve) => child.once('close', resolve).once('error', resolve))
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    const stop = async () => {
      child.kill('SIGTERM')
      await end
      process.off('exit', kill)
      await rm(folder, { recursive: true, force: true })
    }
    try {
      await untilHealthy(child, `http://127.0.0.1:${port}/health`)
    } catch (error) {
      await stop()
      throw new Error(`${program} did not start: ${String(error)}\n${output()}`, { cause: error })
    }
    return { stop }
  }
}

/** Settings in the environment would win over the file's. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CENTRIFUGO_')))
}

function collectOutput(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-10_000)
    })
  }
  return () => text
}

async function untilHealthy(child: ChildProcess, url: string): Promise<void> {
  let failure: Error | undefined
  child.on('error', (error) => (failure = error))
  for (;;) {
    if (failure) throw failure
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${child.exitCode}.`)
    const isHealthy = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (isHealthy) return
    await pause(20)
  }
}
