/** The server cannot start, for a reason its operator can act on. The message is one sentence, shown without a stack. */
export class StartError extends Error {
  override name = 'StartError'
}

/** The operating system's word for why a file operation failed, e.g. "permission denied". */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /^[A-Z]\w+: ([^,]+)/.exec(message)?.[1] ?? message
}
