import { type Client, type ClientOptions, createClient } from '../index.ts'

/** A browser's cookies, which its tabs share. */
export type CookieJar = { cookie: string }

/**
 * A client with cookies of its own, as in a browser profile; or a further tab of the browser whose jar is given.
 * `onRequest` hears of every request that it makes.
 */
export function openBrowser(
  url: string,
  options: ClientOptions = {},
  onRequest: (method: string, path: string) => void = () => {},
  jar: CookieJar = { cookie: '' },
): Client {
  const withCookie: typeof fetch = async (input, init = {}) => {
    const target = input instanceof Request ? input.url : String(input)
    onRequest(init.method ?? 'GET', target.slice(url.length))
    const headers = new Headers(init.headers)
    if (jar.cookie) headers.set('cookie', jar.cookie)
    const response = await fetch(input, { ...init, headers })
    for (const line of response.headers.getSetCookie()) jar.cookie = line.split(';')[0] ?? ''
    return response
  }
  return createClient({ baseUrl: url, fetch: withCookie, ...options })
}
