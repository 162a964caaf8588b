import { StartError } from '../start-error.ts'

const CAUSES: [RegExp, (match: RegExpExecArray) => string][] = [
  [/No space left on device|Disk quota exceeded/, () => 'the disk is full'],
  [
    /initialized by PostgreSQL version (\S+),.*this version (\S+?)\.?\n/,
    ([, old, own]) =>
      `its files were made by PostgreSQL ${old} and this GrandChat carries ${own}: start them with the GrandChat that made them and move the data over`,
  ],
  [/error while loading shared libraries: (.+)/, ([, library]) => `this system lacks a library (${library})`],
  [/(?:FATAL|PANIC|initdb: error): {1,2}(.+)/, ([, message]) => message ?? ''],
]

/** Turns what PostgreSQL wrote before it gave up into one sentence. */
export function databaseFailure(doing: string, cluster: string, output: string): StartError {
  for (const [pattern, explain] of CAUSES) {
    const match = pattern.exec(output)
    if (match) return new StartError(`The database in ${cluster} could not be ${doing}: ${explain(match)}.`)
  }
  const lastLine = output.trim().split('\n').at(-1) || 'PostgreSQL gave no reason'
  return new StartError(`The database in ${cluster} could not be ${doing}: ${lastLine.replace(/\.$/, '')}.`)
}
