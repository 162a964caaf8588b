import type { Me, SetupState } from '@grandchat/contracts/sessions/schema'
import { backoff } from '../backoff.ts'
import type { SessionState } from '../client.ts'
import type { Environment } from '../environment.ts'
import type { Observable } from '../observable.ts'
import type { Request } from '../rest/request.ts'
import { RequestError, isSignedOut } from '../rest/request-error.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { MakeSource } from '../source.ts'
import { createTimer } from '../timer.ts'

export type Session = Observable<SessionState> & {
  start: () => Promise<void>
  /** Goes on as the one who was here before; whether they still are shows with the first request. */
  resume: (me: Me) => void
  /** Some answer said that there is no session: finds out whether that is so. */
  verify: () => void
  signIn: (username: string, password: string) => Promise<void>
  signOut: () => Promise<void>
  setUp: (account: { username: string; password: string; email?: string; code?: string }) => Promise<void>
  close: () => void
}

export type SessionSetup = {
  environment: Environment
  source: MakeSource
  request: Request
  onChange: (state: SessionState) => void
  /** Whoever is signed in chose to leave, and the server has let them. */
  onLeave: () => void
}

export function createSession({ environment, source, request, onChange, onLeave }: SessionSetup): Session {
  let state: SessionState = { status: 'loading' }
  let failures = 0
  let isClosed = false
  const observable = source(() => state)
  const check = createSingleFlight(async () => set(await find()))
  const retry = createTimer(environment, () => void check())

  function set(next: SessionState) {
    if (isClosed) return
    if (next.status === 'unreachable') {
      failures++
      retry.reset(backoff(environment, failures, 2_000))
      // Who was signed in stays so until the server says otherwise.
      if (state.status === 'signed_in') return
    } else failures = 0
    state = next
    observable.changed()
    onChange(state)
  }

  async function find(): Promise<SessionState> {
    try {
      return { status: 'signed_in', me: await request<Me>('GET', '/api/me/') }
    } catch (error) {
      if (!(error instanceof RequestError) || !error.isOurs || ![401, 403].includes(error.status)) {
        return { status: 'unreachable' }
      }
    }
    try {
      const setup = await request<SetupState>('GET', '/api/setup/')
      return setup.needed ? { status: 'set_up', codeRequired: setup.code_required } : { status: 'signed_out' }
    } catch {
      return { status: 'unreachable' }
    }
  }

  return {
    get: observable.get,
    subscribe: observable.subscribe,
    start: check,
    resume(me) {
      if (state.status === 'loading' || state.status === 'unreachable') set({ status: 'signed_in', me })
    },
    verify() {
      if (state.status === 'signed_in') void check()
    },
    async signIn(username, password) {
      await request('POST', '/api/login/', { body: { username, password } })
      await check()
    },
    async signOut() {
      const userId = state.status === 'signed_in' ? state.me.id : undefined
      try {
        await request('POST', '/api/logout/', { body: {}, userId })
      } catch (error) {
        // Their session has ended before; the browser may have another's, which is not theirs to end.
        if (!isSignedOut(error)) throw error
        onLeave()
        return check()
      }
      onLeave()
      set({ status: 'signed_out' })
    },
    async setUp(account) {
      await request('POST', '/api/setup/', { body: account })
      await check()
    },
    close() {
      isClosed = true
      retry.cancel()
    },
  }
}
