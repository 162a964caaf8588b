import { glob, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { root } from './steps.ts'

/** Which workspaces a workspace's code may import, besides itself. */
const allowed: Record<string, readonly string[]> = {
  contracts: [],
  hub: [],
  server: ['contracts', 'hub'],
  client: ['contracts'],
  web: ['contracts', 'client'],
  bench: ['contracts', 'client', 'server', 'hub', 'web', 'tools'],
  chaos: ['contracts', 'client', 'server', 'hub', 'web', 'tools', 'bench'],
  e2e: ['contracts', 'client', 'server', 'hub', 'tools', 'bench'],
  tools: ['contracts', 'client', 'server', 'hub', 'web'],
}
/** Tests of the client run against the real backend. */
const allowedInTests: Record<string, readonly string[]> = { client: ['server'] }

type Import = { file: string; isType: boolean; specifier: string; workspace: string; target: string }

/** The direction of imports, as docs/architecture.md states it. Returns one line per offence. */
export async function checkImports(): Promise<string[]> {
  const problems: string[] = []
  for (const workspace of Object.keys(allowed)) {
    for await (const file of glob(`${workspace}/**/*.{ts,tsx}`, {
      cwd: root,
      exclude: ['**/node_modules/**', '**/dist/**'],
    })) {
      problems.push(...problemsIn(file, await readFile(join(root, file), 'utf8')))
    }
  }
  return problems
}

export function problemsIn(file: string, text: string): string[] {
  return importsOf(file, text).flatMap((found) => {
    const problem = problemWith(found)
    return problem ? [`${file}: ${problem} (${found.specifier})`] : []
  })
}

const importPattern = /^(?:import|export)\s+(type\s+)?(?:[\s\S]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm

function importsOf(file: string, text: string): Import[] {
  const workspace = file.split('/')[0] ?? ''
  return [...text.matchAll(importPattern)].map(([, type, fixed, dynamic]) => {
    const specifier = fixed ?? dynamic ?? ''
    const path = specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier
    const target = path.replace(/^@grandchat\//, '')
    return { file, workspace, specifier, target, isType: type !== undefined }
  })
}

function problemWith({ file, workspace, target, isType }: Import): string | undefined {
  const other = target.split('/')[0] ?? ''
  const isTest = /\.test\.tsx?$|\/testing\/|\/test\//.test(file)
  const mayImport = [workspace, ...(allowed[workspace] ?? []), ...(isTest ? (allowedInTests[workspace] ?? []) : [])]
  if (other in allowed && !mayImport.includes(other)) return `${workspace} may not import ${other}`
  const isInBrowser = (workspace === 'client' || workspace === 'web') && !isTest
  if (isInBrowser && !isType && /^contracts\/(.*\/)?(schema|primitives|kinds)(\.ts)?$/.test(target)) {
    return 'schemas may only be imported as types by what runs in the browser'
  }
  if (/(^|\/)routes(\.ts)?$/.test(target) && !/^server\/app\.ts$/.test(file) && !isTest) {
    return "a slice's routes are its own"
  }
  return undefined
}
