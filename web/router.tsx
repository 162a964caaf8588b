import { useSyncExternalStore } from 'react'
import type { AnchorHTMLAttributes, MouseEvent, Ref } from 'react'

/** What stands beside a conversation, one at a time. */
export const panels = ['members', 'pins', 'details'] as const
export type Panel = (typeof panels)[number]

/** Where the app can be. Everything unknown is home. */
export type Route =
  | { name: 'home' }
  | { name: 'room'; roomId: number; panel?: Panel; messageId?: number; threadId?: number }
  | { name: 'discover' }
  | { name: 'unreads' }
  | { name: 'people' }
  | { name: 'threads' }
  | { name: 'mentions' }
  | { name: 'settings' }
  | { name: 'saved' }
  | { name: 'drafts' }
  | { name: 'scheduled' }
  | { name: 'invite'; code: string }

/** Pages without anything of their own in their address. */
type PageName = Exclude<Route['name'], 'home' | 'room' | 'invite'>

export function parseRoute(path: string): Route {
  const message = /^\/rooms\/([1-9]\d{0,15})\/messages\/([1-9]\d{0,15})\/?$/.exec(path)
  if (message) return { name: 'room', roomId: Number(message[1]), messageId: Number(message[2]) }
  const thread = /^\/rooms\/([1-9]\d{0,15})\/threads\/([1-9]\d{0,15})\/?$/.exec(path)
  if (thread) return { name: 'room', roomId: Number(thread[1]), threadId: Number(thread[2]) }
  const room = /^\/rooms\/([1-9]\d{0,15})(?:\/(\w+))?\/?$/.exec(path)
  const panel = panels.find((known) => known === room?.[2])
  if (room && panel) return { name: 'room', roomId: Number(room[1]), panel }
  if (room && room[2] === undefined) return { name: 'room', roomId: Number(room[1]) }
  const page = /^\/(discover|unreads|mentions|people|threads|settings|saved|drafts|scheduled)\/?$/.exec(path)?.[1]
  if (page !== undefined) return { name: page as PageName }
  const invite = /^\/invite\/([\w-]{1,200})\/?$/.exec(path)
  if (invite?.[1] !== undefined) return { name: 'invite', code: invite[1] }
  return { name: 'home' }
}

export const paths = {
  home: '/',
  discover: '/discover',
  unreads: '/unreads',
  people: '/people',
  threads: '/threads',
  mentions: '/mentions',
  settings: '/settings',
  saved: '/saved',
  drafts: '/drafts',
  scheduled: '/scheduled',
  room: (roomId: number) => `/rooms/${roomId}`,
  panel: (roomId: number, panel: Panel) => `/rooms/${roomId}/${panel}`,
  message: (roomId: number, messageId: number) => `/rooms/${roomId}/messages/${messageId}`,
  /** Beside its room, by the message that it hangs from. */
  thread: (roomId: number, threadId: number) => `/rooms/${roomId}/threads/${threadId}`,
}

/** Something of the room stands beside its conversation. */
export function hasPanel(route: Route): boolean {
  return route.name === 'room' && (route.panel !== undefined || route.threadId !== undefined)
}

const listeners = new Set<() => void>()
const revisitors = new Set<() => void>()

function revisit(): void {
  for (const revisitor of revisitors) revisitor()
}

/** Tells of links to where one is already: they may lead back to a place in it. Returns how to stop. */
export function onRevisit(revisitor: () => void): () => void {
  revisitors.add(revisitor)
  return () => revisitors.delete(revisitor)
}

type NavigateOptions = { replace?: boolean; search?: string | undefined }

/** Moves to a path of the app. What is searched stays beside it, unless said otherwise. */
export function navigate(path: string, { replace = false, ...options }: NavigateOptions = {}): void {
  const query = 'search' in options ? withSearch(options.search) : location.search
  if (path === location.pathname && query === location.search) return revisit()
  const depth = replace ? depthHere() : depthHere() + 1
  history[replace ? 'replaceState' : 'pushState']({ depth }, '', path + query)
  for (const listener of listeners) listener()
}

/** What is searched is part of the address (`?q=`), whatever stands beside it. Undefined: nothing is being searched. */
export function currentSearch(): string | undefined {
  return new URLSearchParams(location.search).get('q') ?? undefined
}

/** The rest of the query is what development needs. */
function withSearch(search: string | undefined): string {
  const query = new URLSearchParams(location.search)
  if (search === undefined) query.delete('q')
  else query.set('q', search)
  return query.size === 0 ? '' : `?${query}`
}

/** Back to where the person came from inside the app, or to `fallback` if they came from outside. */
export function goBack(fallback: string): void {
  if (depthHere() > 0) history.back()
  else navigate(fallback, { replace: true, search: undefined })
}

/** How many steps of this app lie behind us in the tab's history. */
function depthHere(): number {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('popstate', listener)
  }
}

export function useSearchText(): string | undefined {
  return useSyncExternalStore(subscribe, currentSearch)
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.pathname))
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string; ref?: Ref<HTMLAnchorElement> }

/** A link inside the app; opens in a new tab like any other link when asked to. */
export function Link({ to, onClick, ...props }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    const wantsNewTab = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0
    if (event.defaultPrevented || wantsNewTab) return
    event.preventDefault()
    navigate(to)
  }
  // oxlint-disable-next-line jsx-a11y/anchor-has-content -- whoever uses the link gives its content
  return <a href={to} onClick={follow} {...props} />
}
