import '../locales/account-words.ts'
import { say } from '../locales/words.ts'

/** Those that call themselves by others' names, too, come first. */
const browsers: [name: string, mark: RegExp][] = [
  ['Edge', /\bEdgA?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /(?:Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
]

const systems: [name: string, mark: RegExp][] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
]

const find = (list: readonly [string, RegExp][], agent: string) => list.find(([, mark]) => mark.test(agent))?.[0]

/** "Firefox on Linux", from what a browser calls itself. */
export function deviceName(agent: string | null): string {
  const [browser, system] = [find(browsers, agent ?? ''), find(systems, agent ?? '')]
  if (browser !== undefined && system !== undefined) return say('devices.name', { browser, system })
  return browser ?? system ?? say('devices.unknown')
}

export const isPhone = (agent: string | null): boolean => /\b(?:iPhone|Android|Mobile)\b/.test(agent ?? '')
