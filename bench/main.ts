import { writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { figures } from './figures.ts'
import { describeMachine } from './machine.ts'
import { printReport, type Report } from './report.ts'
import { Scope } from './scope.ts'

/** `npm run bench [-- figure …] [--json FILE]`: the figures of this machine. */
let current: Scope | undefined
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)

function interrupt(signal: NodeJS.Signals): void {
  if (isInterrupted) return
  isInterrupted = true
  const ended = current?.end() ?? Promise.resolve()
  void ended.then(() => process.exit(signal === 'SIGINT' ? 130 : 143))
}

async function main(): Promise<number> {
  const { chosen, json } = readArguments()
  const report: Report = { at: new Date().toISOString(), facts: describeMachine(), figures: {} }
  let isGood = true
  for (const name of chosen) isGood = (await measure(name, report)) && isGood
  report.facts['load average'] += `, ${loadavg()[0]?.toFixed(2)} at the end`
  process.stdout.write(`\n${printReport(report)}`)
  if (json) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`)
  return isGood ? 0 : 1
}

function readArguments(): { chosen: string[]; json: string | undefined } {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
  const names = Object.keys(figures)
  const unknown = positionals.filter((name) => !names.includes(name))
  if (unknown.length > 0) throw new Error(`There is no figure ${unknown.join(', ')}. There are ${names.join(', ')}.`)
  return { chosen: positionals.length > 0 ? positionals : names, json: values.json }
}

/** One figure in a scope of its own; false if it could not be taken. */
async function measure(name: string, report: Report): Promise<boolean> {
  const scope = new Scope((line) => process.stderr.write(`${name}: ${line}\n`), report.facts)
  current = scope
  try {
    report.figures[name] = await figures[name]!(scope)
    return true
  } catch (error) {
    if (!isInterrupted) scope.say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return false
  } finally {
    await scope.end()
  }
}

try {
  const code = await main()
  if (!isInterrupted) process.exit(code)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
