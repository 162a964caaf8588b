import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import type { createClient } from '../index.ts'
import type { createSendQueue } from '../messages/send-queue.ts'

/** A planted bug: in a file of the client, one piece of text in place of another. */
export type Mutant = { file: string; from: string; to: string }

const clientFolder = new URL('../', import.meta.url).href
const mutants = new Map<string, readonly Mutant[]>()

// A mutant is a copy of the client's modules under addresses of their own, `?mutant=<n>`.
registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context)
    const mutant = context.parentURL && new URL(context.parentURL).searchParams.get('mutant')
    if (!mutant || !resolved.url.startsWith(clientFolder)) return resolved
    return { ...resolved, url: `${resolved.url}?mutant=${mutant}` }
  },
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const planted = mutants.get(new URL(url).searchParams.get('mutant') ?? '')
    if (!planted) return loaded
    const source = readFileSync(new URL(url), 'utf8')
    return { ...loaded, source: plant(url, source, planted) }
  },
})

function plant(url: string, source: string, planted: readonly Mutant[]): string {
  const file = new URL(url).pathname.slice(new URL(clientFolder).pathname.length)
  return planted
    .filter((mutant) => mutant.file === file)
    .reduce((text, { from, to }) => text.replace(from, () => to), source)
}

/** The client with bugs planted. */
export async function loadMutant(planted: readonly Mutant[]): Promise<typeof createClient> {
  return (await loadModule<{ createClient: typeof createClient }>('index.ts', planted)).createClient
}

/** Its send queue alone. */
export async function loadMutantQueue(planted: readonly Mutant[]): Promise<typeof createSendQueue> {
  const path = 'messages/send-queue.ts'
  return (await loadModule<{ createSendQueue: typeof createSendQueue }>(path, planted)).createSendQueue
}

/** Of this many runs, from the seed `first` on, one tells of something wrong. */
export async function assertFound(run: (seed: number) => Promise<string[]>, runs: number, first = 1): Promise<void> {
  for (let seed = first; seed < first + runs; seed++) if ((await run(seed)).length > 0) return
  assert.fail(`${runs} runs found nothing`)
}

async function loadModule<Module>(path: string, planted: readonly Mutant[]): Promise<Module> {
  for (const { file, from } of planted) {
    const pieces = readFileSync(new URL(file, clientFolder), 'utf8').split(from)
    assert.equal(pieces.length, 2, `${file} has the text to replace once: ${from}`)
  }
  const id = String(mutants.size + 1)
  mutants.set(id, planted)
  return (await import(`${clientFolder}${path}?mutant=${id}`)) as Module
}
