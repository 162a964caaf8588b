import { type Client, type ClientOptions, createClient } from '../index.ts'

/** A client with cookies of its own, as in a browser profile. `onRequest` hears of every request that it makes. */
export function openBrowser(
  url: string,
  options: ClientOptions = {},
  onRequest: (method: string, path: string) => void = () => {},
): Client {
  let cookie = ''
  const withCookie: typeof fetch = async (input, init = {}) => {
    const target = input instanceof Request ? input.url : String(input)
    onRequest(init.method ?? 'GET', target.slice(url.length))
    const headers = new Headers(init.headers)
    if (cookie) headers.set('cookie', cookie)
    const response = await fetch(input, { ...init, headers })
    for (const line of response.headers.getSetCookie()) cookie = line.split(';')[0] ?? ''
    return response
  }
  return createClient({ baseUrl: url, fetch: withCookie, ...options })
}
