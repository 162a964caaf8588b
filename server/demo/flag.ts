import { StartError } from '../start-error.ts'

/** Reads the command line: `--demo` or nothing. */
export function isDemo(args: readonly string[]): boolean {
  const unknown = args.filter((arg) => arg !== '--demo')
  if (unknown.length > 0) throw new StartError(`Unknown option ${unknown[0]}. The only one is --demo.`)
  return args.includes('--demo')
}
