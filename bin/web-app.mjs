import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runChild, watchOption } from './child.mjs'
import { Failure, showProgress } from './progress.mjs'
import { withSetupLock } from './setup-lock.mjs'

const SOURCES = ['web', 'client', 'contracts']
const SKIPPED = /^(node_modules|dist|\..*)$|\.test\.tsx?$|\.md$/
const WEB = join(root, 'web')
const STAMP = join(WEB, 'dist', '.sources')

/** Builds the web app unless the one in web/dist was made from these very sources. */
export async function buildWebApp(node, env) {
  if (!existsSync(join(WEB, 'index.html')) || !isStale()) return
  await withSetupLock(() => isStale() && build(node, env))
}

const isStale = () => readStamp() !== hashSources()

async function build(node, env) {
  const stamp = hashSources()
  // A build that is killed halfway must not pass for a whole one.
  rmSync(STAMP, { force: true })
  let output = ''
  const code = await showProgress('Building the web app', () =>
    runChild(node, [watchOption, join(root, 'node_modules/vite/bin/vite.js'), 'build'], {
      cwd: WEB,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      onOutput: (chunk) => (output += chunk),
    }),
  )
  if (code !== 0) throw new Failure(`${output.trim()}\nThe web app could not be built.`)
  writeFileSync(STAMP, stamp)
}

/** By content: times change with every checkout and copy. */
function hashSources() {
  const hash = createHash('sha256')
  const add = (path) =>
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  add('package-lock.json')
  for (const folder of SOURCES) for (const path of listFiles(folder)) add(path)
  return hash.digest('hex')
}

function listFiles(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries
    .filter(({ name }) => !SKIPPED.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
}

function readStamp() {
  try {
    return readFileSync(STAMP, 'utf8')
  } catch {
    return undefined
  }
}
