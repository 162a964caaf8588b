import { runAll } from './steps.ts'
import { checkImports } from './imports.ts'

/** `npm run check`: everything that can be known without running the product. */
export async function check(): Promise<boolean> {
  return runAll([
    ['types', ['tsc', '-p', '.']],
    ['types of client', ['tsc', '-p', 'client']],
    ['types of web', ['tsc', '-p', 'web']],
    ['types of bench', ['tsc', '-p', 'bench']],
    ['types of chaos', ['tsc', '-p', 'chaos']],
    ['types of e2e', ['tsc', '-p', 'e2e']],
    ['types of the stack', ['tsc', '-p', 'tools/stack/suite']],
    ['lint', ['oxlint', '--type-aware', '--quiet']],
    ['format', ['oxfmt', '--check', '.']],
    ['imports', checkImports],
  ])
}

if (import.meta.main && !(await check())) process.exitCode = 1
