import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Browser } from '@playwright/test'
import { installFromDebian } from './stack/debian.ts'
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

/** Starts it. Ctrl-C is for whoever started it, and who ends it. */
export async function openChromium(): Promise<Browser> {
  const executablePath = await findChromium()
  const { chromium } = await import('@playwright/test')
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const ownSignals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }
  return chromium.launch({ args, ...ownSignals, ...(executablePath && { executablePath }) })
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
  await installFromDebian('chromium')
  return inPath()
}

if (import.meta.main) process.stdout.write(`${(await findChromium()) ?? 'the browser that came with Playwright'}\n`)
