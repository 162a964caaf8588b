import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './child.mjs'
import { Failure } from './progress.mjs'

const PATH = join(root, '.setup.lock')
const HEARTBEAT_MS = 5_000
// A holder that lives but shows no sign is another process with a used id.
const STALE_MS = 60_000

/** Does the work while no other start on this folder does: two installs in one node_modules ruin it. */
export async function withSetupLock(work) {
  const own = `${PATH}.${process.pid}`
  try {
    writeFileSync(own, String(process.pid))
  } catch (error) {
    throw new Failure(`GrandChat has to be prepared in ${root}, which cannot be written: ${error.message}`)
  }
  try {
    await take(own)
  } finally {
    rmSync(own, { force: true })
  }
  const release = () => rmSync(PATH, { force: true })
  const heartbeat = setInterval(beat, HEARTBEAT_MS)
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    clearInterval(heartbeat)
    release()
  }
}

function beat() {
  try {
    utimesSync(PATH, new Date(), new Date())
  } catch {
    // Somebody removed the lock by hand; the work goes on.
  }
}

async function take(own) {
  for (let isFirst = true; ; isFirst = false) {
    try {
      // Unlike writing, linking makes the file with its content at once.
      linkSync(own, PATH)
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isStale(PATH)) removeStale(`${own}.stale`)
    else {
      if (isFirst) console.log('Another start is preparing this folder; waiting for it.')
      await sleep(300)
    }
  }
}

function removeStale(aside) {
  try {
    renameSync(PATH, aside)
    // Somebody else may have replaced the stale lock in between: theirs goes back.
    if (!isStale(aside)) linkSync(aside, PATH)
    rmSync(aside, { force: true })
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  }
}

function isStale(path) {
  try {
    return !isAlive(Number(readFileSync(path, 'utf8'))) || Date.now() - statSync(path).mtimeMs > STALE_MS
  } catch {
    return false
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
