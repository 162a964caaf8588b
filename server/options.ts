import { StartError } from './start-error.ts'

/** What the command line says. `isRestored`: this database is an older copy, which people have seen a newer state of. */
export type Options = { isDemo: boolean; isRestored: boolean }

const known = ['--demo', '--restored']

export function readOptions(args: readonly string[]): Options {
  const unknown = args.filter((arg) => !known.includes(arg))
  if (unknown.length > 0) throw new StartError(`Unknown option ${unknown[0]}. There are ${known.join(' and ')}.`)
  return { isDemo: args.includes('--demo'), isRestored: args.includes('--restored') }
}
