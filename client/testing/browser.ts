import { type Client, type ClientOptions, createClient } from '../index.ts'

/** A client with cookies of its own, as in a browser profile. */
export function openBrowser(url: string, options: ClientOptions = {}): Client {
  let cookie = ''
  const withCookie: typeof fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers)
    if (cookie) headers.set('cookie', cookie)
    const response = await fetch(input, { ...init, headers })
    for (const line of response.headers.getSetCookie()) cookie = line.split(';')[0] ?? ''
    return response
  }
  return createClient({ baseUrl: url, fetch: withCookie, ...options })
}
