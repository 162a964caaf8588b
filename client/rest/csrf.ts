import { RequestError } from './request-error.ts'

/** The header value that state-changing requests carry: fetched once, by all who wait together, and kept until refused. */
export function createCsrf(fetchToken: () => Promise<string | null>) {
  let token: Promise<string> | undefined

  async function load(): Promise<string> {
    const value = await fetchToken()
    if (value === null) throw new RequestError(0, { detail: 'the server gave no CSRF token' })
    return value
  }

  return {
    get(): Promise<string> {
      if (token) return token
      const mine = load()
      token = mine
      mine.catch(() => {
        if (token === mine) token = undefined
      })
      return mine
    },
    forget() {
      token = undefined
    },
  }
}
