import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { firstLoadLimit, measureFirstLoad } from '../web/first-load.ts'
import type { Row } from './report.ts'

const page = join(import.meta.dirname, '../web/dist/index.html')

/** What a browser loads before the first paint, fonts left out. */
export async function firstLoad(): Promise<Row[]> {
  const target = { atMost: firstLoadLimit / 1024 }
  if (!existsSync(page)) {
    return [{ name: 'first load, gzip', value: Number.NaN, unit: 'kB', target, void: 'npm start builds the page' }]
  }
  const { gzipBytes, files } = measureFirstLoad()
  const largest = files.toSorted((a, b) => b.gzipBytes - a.gzipBytes)[0]!
  const note = `${files.length} files, the largest ${largest.path} with ${Math.round(largest.gzipBytes / 1024)} kB`
  return [{ name: 'first load, gzip', value: gzipBytes / 1024, unit: 'kB', target, note }]
}
