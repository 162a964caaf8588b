import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root, runChild, watchOption } from './child.mjs'
import { Failure, showProgress } from './progress.mjs'
import { withSetupLock } from './setup-lock.mjs'

const LAUNCHER_MAJOR = 20
const SERVER_MAJOR = 24

/** Installs what is missing and answers the path of the Node that runs the rest. Throws a Failure. */
export async function ensure() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < LAUNCHER_MAJOR) {
    throw new Failure(
      `GrandChat needs Node ${LAUNCHER_MAJOR} or later to start; this is Node ${process.versions.node}.`,
    )
  }
  if (isInstallNeeded()) await withSetupLock(() => isInstallNeeded() && install())
  const node = findNode()
  if (node) return node
  throw new Failure(
    `GrandChat runs on Node ${SERVER_MAJOR}, which npm has no package of for ${process.platform} ${process.arch}: ` +
      `install Node ${SERVER_MAJOR} or later from https://nodejs.org and start again.`,
  )
}

/** The environment in which `node` and the tools of node_modules are found first. */
export function toolEnvironment() {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  return {
    ...process.env,
    [key]: [join(root, 'node_modules', '.bin'), process.env[key]].filter(Boolean).join(delimiter),
  }
}

function isInstallNeeded() {
  const wanted = readLock(join(root, 'package-lock.json'))
  // npm writes this list last, so it also tells that an install was finished.
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'))
  if (!wanted) throw new Failure(`${root} has no package-lock.json: the copy of GrandChat is not complete.`)
  if (!installed) return true
  const isMissing = ([path, entry]) => {
    if (!path.includes('node_modules/')) return false
    const found = installed[path]
    if (!found) return !entry.optional && !entry.devOptional
    return found.version !== entry.version || found.integrity !== entry.integrity
  }
  return Object.entries(wanted).some(isMissing) || (!findNode() && ownNodePackage() in wanted)
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

async function install() {
  const npm = findNpm()
  // Not "npm ci": it empties node_modules under a server that may still run from it, and refuses a lock file that does
  // not list every foreign platform's packages. What the lock file lists is installed as it says either way.
  // The tools that build the web app count as development dependencies, which NODE_ENV=production would leave out.
  const options = [
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--engine-strict=false',
  ]
  const env = { ...process.env, NODE_OPTIONS: [process.env.NODE_OPTIONS, watchOption].filter(Boolean).join(' ') }
  const code = await showProgress('Installing dependencies', () =>
    runChild(npm.file, [...npm.args, 'install', '--no-save', ...options], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: npm.shell,
    }),
  )
  if (code !== 0) {
    throw new Failure(
      `The dependencies could not be installed ("npm install" ended with code ${code}): see above for the reason.`,
    )
  }
}

function findNpm() {
  const npmCli = process.env.npm_execpath
  if (npmCli?.endsWith('npm-cli.js')) return { file: process.execPath, args: [npmCli], shell: false }
  // Windows runs npm.cmd through a shell only.
  return { file: 'npm', args: [], shell: process.platform === 'win32' }
}

function findNode() {
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const carried = join(root, ownNodePackage(), file)
  if (canLoad() && isExecutable(carried)) return carried
  return Number(process.versions.node.split('.')[0]) >= SERVER_MAJOR ? process.execPath : undefined
}

function ownNodePackage() {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `${system}-${process.arch}`
  // This one is published under another name.
  return `node_modules/node-${name === 'darwin-arm64' ? `bin-${name}` : name}`
}

/** The Node that npm carries is linked with glibc, which Alpine and some others do not have. */
function canLoad() {
  if (process.platform !== 'linux') return true
  return existsSync(process.arch === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2')
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
