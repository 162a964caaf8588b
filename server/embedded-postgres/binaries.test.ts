import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { copyBinaries, prepareBinaries } from './binaries.ts'

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** As npm unpacks it when install scripts are held back: the list of links without the links. */
async function makePackage(): Promise<{ folder: string; packagePath: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-binaries-'))
  folders.push(folder)
  const packagePath = join(folder, 'package')
  await mkdir(join(packagePath, 'native', 'lib'), { recursive: true })
  await writeFile(join(packagePath, 'native', 'lib', 'libpq.so.5.18'), 'library')
  const links = ['libpq.so.5', 'libpq.so'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }))
  await writeFile(join(packagePath, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  return { folder, packagePath }
}

test('the missing library links are made, by several starts at once as well', async () => {
  const { folder, packagePath } = await makePackage()
  const prepare = () => prepareBinaries(join(folder, 'copy'), packagePath)
  const [binaries] = await Promise.all([prepare(), prepare(), prepare()])
  assert.equal(binaries.directory, join(packagePath, 'native'))
  assert.equal(await readlink(join(binaries.directory, 'lib', 'libpq.so')), 'libpq.so.5.18')
  assert.equal(await readFile(join(binaries.directory, 'lib', 'libpq.so.5'), 'utf8'), 'library')
})

test('a copy is whole, links included, and made once by several starts at once', async () => {
  const { folder, packagePath } = await makePackage()
  const copy = () => copyBinaries(packagePath, join(folder, 'copy'))
  const [binaries, other] = await Promise.all([copy(), copy()])
  assert.deepEqual(other, binaries)
  assert.equal(binaries.directory, join(folder, 'copy', 'native'))
  assert.equal(await readFile(join(binaries.directory, 'lib', 'libpq.so'), 'utf8'), 'library')
})
