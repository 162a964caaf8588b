/** What the client takes from its surroundings; browsers have all of it, tests bring their own. */
export type Environment = {
  fetch: typeof globalThis.fetch
  /** Undefined where there is none: the client then polls. */
  WebSocket: typeof globalThis.WebSocket | undefined
  /** Milliseconds; only differences are used, and `created_at` of pending messages. */
  now: () => number
  /** From 0 up to 1. */
  random: () => number
  uuid: () => string
  /** Runs once after `ms`; returns its cancellation. */
  after: (ms: number, run: () => void) => () => void
  isOnline: () => boolean
  isVisible: () => boolean
  /** Calls when the network, the tab's visibility or the focus changed, or the page woke; returns its unsubscribe. */
  onSignal: (listener: () => void) => () => void
  /** Calls when the page is put away, perhaps for good; returns its unsubscribe. */
  onHide: (listener: () => void) => () => void
  /** Told of exceptions that must not stop the client, such as those of listeners. */
  report: (error: unknown) => void
}

export function createEnvironment(overrides: Partial<Environment> = {}): Environment {
  return {
    fetch: (...args) => globalThis.fetch(...args),
    WebSocket: globalThis.WebSocket,
    now: () => Date.now(),
    random: () => Math.random(),
    uuid: randomUuid,
    after,
    isOnline: () => globalThis.navigator?.onLine ?? true,
    isVisible: () => globalThis.document?.visibilityState !== 'hidden',
    onSignal,
    onHide,
    report: (error) => globalThis.reportError?.(error),
    ...overrides,
  }
}

/** A version 4 UUID. `crypto.randomUUID` does not exist on plain HTTP beyond localhost; `getRandomValues` does. */
export function randomUuid(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

function onSignal(listener: () => void): () => void {
  // visibilitychange is fired at the document and bubbles to the window.
  const unlisten = listen(['online', 'offline', 'focus', 'pageshow', 'visibilitychange'], listener)
  const forget = onWake(listener)
  return () => {
    unlisten()
    forget()
  }
}

function onHide(listener: () => void): () => void {
  const unlisten = [
    listen(['pagehide'], listener),
    listen(['visibilitychange'], () => globalThis.document?.visibilityState === 'hidden' && listener()),
  ]
  return () => unlisten.forEach((end) => end())
}

function listen(names: readonly string[], listener: () => void): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => {}
  for (const name of names) globalThis.addEventListener(name, listener)
  return () => {
    for (const name of names) globalThis.removeEventListener(name, listener)
  }
}

/** How often the clock is looked at, and by how much it must have jumped for the device to have slept. */
const tickMs = 10_000
const jumpMs = 30_000

/** A device that wakes with the page on screen tells nobody, but its clock has jumped. Not where there are no pages. */
export function onWake(listener: () => void, hasPage = typeof globalThis.document === 'object'): () => void {
  if (!hasPage) return () => {}
  let last = Date.now()
  const timer = setInterval(() => {
    const slept = Date.now() - last > tickMs + jumpMs
    last = Date.now()
    if (slept) listener()
  }, tickMs)
  return () => clearInterval(timer)
}
