/**
 * One tab of a browser at a time has the turn: the one that was looked at last, because it knows what is on screen.
 * Without locks (then there are no notifications either) every tab has it. Returns how to stop.
 */
export function takeTurns(
  locks: LockManager | undefined,
  name: string,
  onTurn: (hasTurn: boolean) => void,
): () => void {
  if (!locks) {
    onTurn(true)
    return () => undefined
  }
  const stopped = new AbortController()
  let hasTurn = false
  let waiting = new AbortController()

  const hold = async () => {
    hasTurn = true
    onTurn(true)
    await new Promise((resolve) => stopped.signal.addEventListener('abort', resolve))
  }
  const lost = () => {
    hasTurn = false
    onTurn(false)
    if (!stopped.signal.aborted) wait()
  }
  const wait = () => {
    waiting = new AbortController()
    const { signal } = waiting
    locks.request(name, { signal }, hold).catch(() => signal.aborted || lost())
  }
  const take = () => {
    if (hasTurn) return
    waiting.abort()
    locks.request(name, { steal: true }, hold).catch(lost)
  }
  if (document.hasFocus()) take()
  else wait()
  addEventListener('focus', take)
  return () => {
    removeEventListener('focus', take)
    stopped.abort()
    waiting.abort()
  }
}
