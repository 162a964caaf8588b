import type { Client } from '@grandchat/client'
import type { SettingName, Settings } from '@grandchat/contracts/own-rows/kinds'
import { quietUntil, sound } from '../notifications/choices.ts'
import { density } from '../ui/density.ts'
import { motion } from '../ui/motion.ts'
import { createSetting } from '../ui/setting.ts'
import type { Setting } from '../ui/setting.ts'
import { theme } from '../ui/theme.ts'

/**
 * Choices that follow a person over their devices. Each browser keeps a copy, which holds before the first paint and
 * without a network; the account's is right.
 */
const shared = { theme, density, motion, sound, quiet_until: quietUntil } as const satisfies {
  [Name in SettingName]?: Setting<Settings[Name]>
}
export type SharedName = keyof typeof shared
const names = Object.keys(shared) as SharedName[]

/** How things look may be a device's own matter. */
const looks = new Set<SharedName>(['theme', 'density', 'motion'])
export const looksHere = createSetting<'on' | 'off'>({
  key: 'looks-here',
  parse: (stored) => (stored === 'on' ? stored : undefined),
  initial: 'off',
  apply: () => undefined,
})

const isOfThisDevice = (name: SharedName) => looks.has(name) && looksHere.get() === 'on'

/** Chosen here, and on all devices of the person unless this one goes its own way. */
export function choose<Name extends SharedName>({ settings }: Client, name: Name, value: Settings[Name]): void {
  const setting: Pick<Setting<Settings[Name]>, 'set'> = settingOf(name)
  setting.set(value)
  if (!isOfThisDevice(name)) settings.set(name, value)
}

/** This device goes its own way from how it looks now, or back to how the others look. */
export function chooseLooksHere(client: Client, value: 'on' | 'off'): void {
  looksHere.set(value)
  adoptAll(client)
}

/** Does here what is chosen on other devices. Who never chose anything keeps what this browser has. Returns how to stop. */
export function followShared(client: Client): () => void {
  const stops = names.map((name) => client.settings.get(name).subscribe(() => adopt(client, name)))
  adoptAll(client)
  return () => stops.forEach((stop) => stop())
}

function adoptAll(client: Client): void {
  for (const name of names) adopt(client, name)
}

function adopt({ settings }: Client, name: SharedName): void {
  const stored = settings.get(name).get()
  const setting = settingOf(name)
  if (stored !== undefined && stored !== setting.get() && !isOfThisDevice(name)) setting.set(stored)
}

/** A table of settings of different types, read by a name: its type is the one of that name's values. */
function settingOf<Name extends SharedName>(name: Name): Setting<Settings[Name]> {
  return shared[name] as unknown as Setting<Settings[Name]>
}
