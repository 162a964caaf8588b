import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** What a browser must have before the first paint, fonts left out: index.html and the scripts and styles it names. */
export type FirstLoad = { gzipBytes: number; files: { path: string; gzipBytes: number }[] }

/** DESIGN: a first load of at most 150 kB. */
export const firstLoadLimit = 150 * 1024

const dist = join(dirname(fileURLToPath(import.meta.url)), 'dist')

export function measureFirstLoad(folder: string = dist): FirstLoad {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const files = ['index.html', ...loadedBy(html)].map((path) => {
    return { path, gzipBytes: gzipSync(readFileSync(join(folder, path)), { level: 9 }).length }
  })
  return { gzipBytes: files.reduce((sum, file) => sum + file.gzipBytes, 0), files }
}

/** Scripts, module preloads and stylesheets of a page, as paths without the leading slash. */
export function loadedBy(html: string): string[] {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? []
  return tags.flatMap((tag) => {
    const isLoaded = tag.startsWith('<script') || /\brel="(?:stylesheet|modulepreload)"/.test(tag)
    const path = /\b(?:src|href)="\/([^"]+)"/.exec(tag)?.[1]
    return isLoaded && path !== undefined ? [path] : []
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${JSON.stringify(measureFirstLoad(), null, 2)}\n`)
}
