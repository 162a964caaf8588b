import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { run } from './steps.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/**
 * The browser for the journeys: CHROME_BIN, the system's, Debian's (installed if we are root), or the one that
 * Playwright downloads. Throws a sentence that says what to do if there is none.
 */
export async function findChromium(): Promise<string | undefined> {
  const given = process.env['CHROME_BIN']
  if (given) return given
  const found = (await inPath()) ?? (await fromDebian())
  if (found) return found
  const { code } = await run(['playwright', 'install', 'chromium'], { isQuiet: true })
  // Undefined: Playwright knows its own.
  if (code === 0) return undefined
  throw new Error(
    'The journeys need Chromium. Install it (apt-get install chromium, brew install chromium), or set CHROME_BIN to its path.',
  )
}

async function inPath(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  for (const path of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}

async function fromDebian(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined
  process.stdout.write('Installing Chromium …\n')
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run(['apt-get', 'update', '-qq'], { isQuiet: true, env })
  const { code } = await run(['apt-get', 'install', '-y', '-qq', 'chromium'], { isQuiet: true, env })
  return code === 0 ? inPath() : undefined
}

if (import.meta.main) process.stdout.write(`${(await findChromium()) ?? 'the browser that came with Playwright'}\n`)
