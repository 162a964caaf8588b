/**
 * Unix seconds by a clock that is set once, at start, and never steps back: tokens are stamped and revoked by it, and a
 * clock that is corrected in between must not make new tokens look older than a revocation.
 */
export function steadyNow(): number {
  return (performance.timeOrigin + performance.now()) / 1000
}
