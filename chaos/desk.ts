import type { Client, ScheduledView } from '@grandchat/client'
import { type SettingName, type Settings, settingSchemas } from '@grandchat/contracts/own-rows/kinds'
import type { Happening, History } from './history.ts'
import { textOfOwn } from './own.ts'
import type { Identity } from './traffic.ts'

export type Level = 'all' | 'mentions' | 'nothing'

/** What one person keeps for themselves, on one device: each wish is written down. */
export class Desk {
  #client: Client
  #history: History
  #who: Identity
  /** Drafts that were begun here: what is typed is not passed on at once. */
  #drafts = new Set<number>()

  constructor(client: Client, history: History, who: Identity) {
    this.#client = client
    this.#history = history
    this.#who = who
  }

  draft(room: number, text: string): void {
    this.#drafts.add(room)
    this.#wish(`draft ${room}`, text)
    this.#client.drafts.set(room, text)
  }

  save(room: number, message: number, isSaved: boolean): void {
    this.#wish(`saved ${message}`, isSaved ? 'on' : '')
    this.#client.saved.set(room, message, isSaved)
  }

  set<Name extends SettingName>(name: Name, value: Settings[Name]): void {
    this.#wish(`setting ${name}`, JSON.stringify(value))
    this.#client.settings.set(name, value)
  }

  setLevel(room: number, level: Level): void {
    this.#wish(`level ${room}`, level)
    this.#client.rooms.setLevel(room, level)
  }

  addSection(name: string): void {
    const id = this.#client.sections.create(name)
    this.#wish(`section ${id}`, name)
  }

  renameSection(id: string, name: string): void {
    this.#wish(`section ${id}`, name)
    this.#client.sections.rename(id, name)
  }

  /** What stood in it stands nowhere then. */
  removeSection(id: string): void {
    for (const [room, { section }] of this.#client.sections.placements.get()) {
      if (section === id) this.#wish(`placement ${room}`, '')
    }
    this.#wish(`section ${id}`, '')
    this.#client.sections.remove(id)
  }

  place(room: number, section: string | null): void {
    this.#wish(`placement ${room}`, section ?? '')
    this.#client.sections.place(room, section)
  }

  get sections(): readonly string[] {
    return this.#client.sections.list.get().map(({ id }) => id)
  }

  /** Messages that are still to be sent. */
  get scheduled(): readonly ScheduledView[] {
    return this.#client.scheduled.list.get().filter(({ failure }) => failure === undefined)
  }

  /** Returns the key that the message will have. */
  schedule(room: number, text: string, afterMs: number, thread?: number): string {
    const dueMs = Date.now() + afterMs
    const message = { room_id: room, content: text, send_at: new Date(dueMs) }
    const key = this.#client.scheduled.add(thread === undefined ? message : { ...message, thread_id: thread })
    this.#later(room, { key, text, dueMs, ...(thread !== undefined && { thread }) })
    return key
  }

  reschedule({ id, room_id, thread_id, send_at }: ScheduledView, text: string): void {
    const dueMs = Date.parse(send_at)
    this.#later(room_id, { key: id, text, dueMs, ...(thread_id !== undefined && { thread: thread_id }) })
    this.#client.scheduled.change(id, { content: text })
  }

  unschedule({ id, room_id }: Pick<ScheduledView, 'id' | 'room_id'>): void {
    this.#later(room_id, { key: id, text: '' })
    this.#client.scheduled.remove(id)
  }

  /** What the server did not take stays on this device until its author has decided. */
  giveUp(): void {
    for (const view of this.#client.scheduled.list.get()) {
      if (view.failure !== undefined && this.#history.refused.has(view.id)) this.unschedule(view)
    }
  }

  /** Everything, by kind and key. */
  rows(): Record<string, string> {
    const { drafts, saved, scheduled, sections, settings, rooms } = this.#client
    const placements = [...sections.placements.get()]
    const names = Object.keys(settingSchemas) as SettingName[]
    const rows = [
      ...drafts.list
        .get()
        .map((row) => [
          `draft ${row.room_id}${row.thread_id === null ? '' : `.${row.thread_id}`}`,
          textOfOwn('draft', row),
        ]),
      ...saved.list.get().map((row) => [`saved ${row.message_id}`, textOfOwn('saved', row)]),
      ...scheduled.list.get().map((row) => [`scheduled ${row.id}`, textOfOwn('scheduled', row)]),
      ...sections.list.get().map((row) => [`section ${row.id}`, textOfOwn('section', row)]),
      ...placements.map(([room, row]) => [`placement ${room}`, textOfOwn('placement', row)]),
      ...[...sections.closings.get()].map(([room, seq]) => [`closing ${room}`, textOfOwn('closing', { seq })]),
      ...names.map((name) => [`setting ${name}`, textOfOwn('setting', settings.get(name).get())]),
      ...rooms.list.get().rooms.map(({ id, level }) => [`level ${id}`, level]),
      ...[...this.#drafts].map((room) => [`draft ${room}`, drafts.get(room).get()]),
    ]
    return Object.fromEntries(rows) as Record<string, string>
  }

  #wish(target: string, value: string): void {
    this.#history.add({ ...this.#who, f: 'act', type: 'invoke', room: 0, kind: 'own', target, value })
  }

  #later(room: number, message: Pick<Extract<Happening, { f: 'later' }>, 'key' | 'text' | 'dueMs' | 'thread'>): void {
    this.#history.add({ ...this.#who, f: 'later', type: 'invoke', room, ...message })
  }
}
