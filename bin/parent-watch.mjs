// Loaded first into what runChild starts: when the launcher dies without a word, the kernel closes its channel, and
// the child asks itself and its own children to stop as if it had been told.
import { isMainThread } from 'node:worker_threads'

const isOurs = isMainThread && process.channel && process.ppid === Number(process.env.GRANDCHAT_LAUNCHER)

if (isOurs) {
  process.once('disconnect', () => process.kill(process.platform === 'win32' ? process.pid : 0, 'SIGTERM'))
  process.channel.unref()
}
