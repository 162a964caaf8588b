import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
import type { EmojiRow } from './rows.ts'

/** Emoji of the last year or so are empty boxes on most devices. */
const newestVersion = 16

type Source = {
  hexcode: string
  emoji: string
  label: string
  group?: number
  order?: number
  version: number
  tags?: string[]
  skins?: { emoji: string; tone: number | number[] }[]
}

type Shortcodes = Record<string, string | string[]>

const require = createRequire(import.meta.url)
const read = (file: string): unknown => require(`emojibase-data/en/${file}.json`)

/** A third of what the package holds for English: what the picker and the completion use, as `virtual:emoji`. */
export function emojiData(): Plugin {
  const id = 'virtual:emoji'
  return {
    name: 'emoji-data',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load: (resolved) =>
      resolved === `\0${id}` ? `export default JSON.parse(${JSON.stringify(JSON.stringify(makeRows()))})` : undefined,
  }
}

function makeRows(): EmojiRow[] {
  const github = read('shortcodes/github') as Shortcodes
  const slack = read('shortcodes/iamcal') as Shortcodes
  return (read('data') as Source[])
    .filter(({ group, version }) => group !== undefined && group !== components && version <= newestVersion)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((source) => {
      const codes = [...new Set([github[source.hexcode] ?? [], slack[source.hexcode] ?? []].flat())]
      return rowOf(source, codes.length > 0 ? codes : [codeFrom(source.label)])
    })
}

/** Skin tones and hair by themselves. */
const components = 2

function rowOf({ emoji, label, group = 0, tags = [], skins = [] }: Source, codes: string[]): EmojiRow {
  const words = tags.filter((tag) => !codes.includes(tag) && !label.split(' ').includes(tag))
  const tones = [1, 2, 3, 4, 5].flatMap((tone) => skins.find((skin) => skin.tone === tone)?.emoji ?? [])
  return [emoji, label, group, codes.join(' '), words.join(' '), tones.length === 5 ? tones.join(' ') : '']
}

function codeFrom(label: string): string {
  return label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')
}
