import assert from 'node:assert/strict'
import type { Me, SignedIn } from '@grandchat/contracts/sessions/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { MessageAdded } from '@grandchat/contracts/messages/schema'
import { passwordOf } from './server.ts'

/** `text` is the body as it came. */
export type Answer<T = unknown> = { status: number; body: T; text: string; headers: Headers }
type Headers = globalThis.Headers

/** Somebody with a browser: keeps cookies and the CSRF token, speaks JSON. */
export class Person {
  url: string
  id = 0
  username = ''
  cookie = ''
  #csrf = ''

  constructor(url: string) {
    this.url = url
  }

  /** One request, whatever its answer. */
  async ask<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.cookie && { cookie: this.cookie }),
        ...(method !== 'GET' && { 'x-csrftoken': await this.csrf() }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) this.cookie = line.split(';')[0]!.replace(/^session=$/, '')
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    const parsed = (isJson && text ? JSON.parse(text) : text) as T
    return { status: response.status, body: parsed, text, headers: response.headers }
  }

  /** A request that must be answered with this status; returns its body. */
  async get<T = unknown>(path: string, status = 200): Promise<T> {
    return this.#expect<T>(status, await this.ask<T>('GET', path))
  }

  async post<T = unknown>(path: string, body: unknown = {}, status = 200): Promise<T> {
    return this.#expect<T>(status, await this.ask<T>('POST', path, body))
  }

  async patch<T = unknown>(path: string, body: unknown, status = 200): Promise<T> {
    return this.#expect<T>(status, await this.ask<T>('PATCH', path, body))
  }

  async remove<T = unknown>(path: string, status = 200): Promise<T> {
    return this.#expect<T>(status, await this.ask<T>('DELETE', path))
  }

  async put<T = unknown>(path: string, body: unknown = {}, status = 200): Promise<T> {
    return this.#expect<T>(status, await this.ask<T>('PUT', path, body))
  }

  #expect<T>(status: number, answer: Answer<T>): T {
    assert.equal(answer.status, status, JSON.stringify(answer.body))
    return answer.body
  }

  async csrf(): Promise<string> {
    if (!this.#csrf) {
      const response = await fetch(`${this.url}/api/csrf/`)
      this.#csrf = response.headers.get('x-csrftoken') ?? ''
    }
    return this.#csrf
  }

  async setUp(username: string, code?: string): Promise<this> {
    const account = { username, password: passwordOf(username), ...(code && { code }) }
    return this.#is(await this.post<SignedIn>('/api/setup/', account, 201))
  }

  async signIn(username: string, password = passwordOf(username)): Promise<this> {
    return this.#is(await this.post<SignedIn>('/api/login/', { username, password }))
  }

  #is({ id, username }: SignedIn): this {
    this.id = id
    this.username = username
    return this
  }

  me(): Promise<Me> {
    return this.get<Me>('/api/me/')
  }

  createRoom(name: string, kind: 'public' | 'private' = 'public'): Promise<OwnRoom> {
    return this.post<OwnRoom>('/api/rooms/', { name, kind }, 201)
  }

  join(roomId: number) {
    return this.post(`/api/rooms/${roomId}/join/`)
  }

  send(roomId: number, content: string, client_message_id?: string): Promise<MessageAdded> {
    const body = client_message_id === undefined ? { content } : { content, client_message_id }
    return this.post<MessageAdded>(`/api/rooms/${roomId}/messages/`, body, 201)
  }
}
