// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8')

/** The colours of one theme: name to [lightness, chroma, hue]. */
function coloursOf(selector: string): Map<string, number[]> {
  const block = css.slice(css.indexOf(`${selector} {`))
  const colours = block.slice(0, block.indexOf('\n}')).matchAll(/--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g)
  return new Map([...colours].map((match) => [match[1] ?? '', match.slice(2, 5).map(Number)]))
}

const themes = { light: coloursOf(':root'), dark: coloursOf(":root[data-theme='dark']") }

/** Relative luminance of an OKLCH colour (Ottosson's matrices). */
function luminance([l = 0, chroma = 0, hue = 0]: number[]): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  const red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
  const green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
  const blue = -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short
  const clamp = (value: number) => Math.min(1, Math.max(0, value))
  return 0.2126 * clamp(red) + 0.7152 * clamp(green) + 0.0722 * clamp(blue)
}

function contrast(theme: Map<string, number[]>, front: string, back: string): number {
  const [a, b] = [front, back].map((name) => {
    const colour = theme.get(name)
    if (!colour) throw new Error(`There is no colour --${name}`)
    return luminance(colour)
  })
  const [low = 0, high = 0] = [a ?? 0, b ?? 0].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const surfaces = ['neutral-1', 'neutral-2', 'neutral-3', 'neutral-4', 'raised']
const texts = ['neutral-10', 'neutral-11', 'neutral-12']
const pairs: [front: string, back: string, least: number][] = [
  ...texts.flatMap((text) => surfaces.map((surface): [string, string, number] => [text, surface, 4.5])),
  ...['accent-text', 'danger-text'].flatMap((text) =>
    ['neutral-1', 'neutral-2', 'neutral-3', 'raised'].map((surface): [string, string, number] => [text, surface, 4.5]),
  ),
  ['accent-text', 'accent-soft', 4.5],
  ['neutral-10', 'accent-soft', 4.5],
  ...['code-keyword', 'code-name', 'code-title', 'code-string', 'code-value', 'neutral-10', 'danger-text'].map(
    (text): [string, string, number] => [text, 'code-back', 4.5],
  ),
  ['mention-me-text', 'mention-me', 4.5],
  ...['mention-row', 'mention-row-strong'].flatMap((row) =>
    [...texts, 'accent-text', 'danger-text'].map((text): [string, string, number] => [text, row, 4.5]),
  ),
  ['mention-edge', 'mention-row', 3],
  ['danger-text', 'danger-soft', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-strong', 4.5],
  ['on-accent', 'danger', 4.5],
  ['on-accent', 'danger-strong', 4.5],
  ['on-inverse', 'inverse', 4.5],
  ...['neutral-8', 'neutral-9', 'accent'].flatMap((edge) =>
    ['neutral-1', 'neutral-2'].map((surface): [string, string, number] => [edge, surface, 3]),
  ),
  ['success', 'neutral-2', 3],
  ['warning', 'neutral-2', 3],
  ['danger', 'neutral-2', 3],
]

for (const [name, theme] of Object.entries(themes)) {
  test.each(pairs)(`in the ${name} theme %s can be told from %s`, (front, back, least) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(least)
  })
}
