import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { StartError } from './listen.ts'
import type { Environment } from './overrides.ts'

export const usualFile = 'config.json'

/** The configuration of a file. Without a name it is the usual file, and may be missing: then undefined. */
export function readConfigFile(name: string | undefined): unknown {
  const file = name ?? usualFile
  if (/\.(ya?ml|toml)$/i.test(file)) throw new StartError(`${file} is not JSON, and this hub reads nothing else.`)
  const text = readText(file)
  if (text !== undefined) return parsed(file, text)
  if (name !== undefined) throw new StartError(`There is no file ${file}.`)
  return undefined
}

/** The process's environment, and below it what a file `.env` of the working directory says, as with Centrifugo. */
export function readEnvironment(): Environment {
  return { ...parseEnv(readText('.env') ?? ''), ...process.env }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new StartError(`${file} cannot be read (${code}).`, { cause: error })
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    // The error's own words may quote the file, secrets included.
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(String(error)) ?? []
    const where = line === undefined ? '' : `: see line ${line}, column ${column}`
    throw new StartError(`${file} is not valid JSON${where}.`)
  }
}
