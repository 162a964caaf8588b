import type { PlainKey } from '../locales/words.ts'
import { isApple } from './platform.ts'

/** Keys that are pressed together. */
export type Combination = {
  /** `KeyboardEvent.key`, letters small. */
  key: string
  /** The physical key instead, for signs that keyboards have in different places. */
  code?: string
  /** Ctrl, or ⌘ on the machines of Apple. */
  mod?: boolean
  shift?: boolean
  alt?: boolean
}

export type Shortcut = { label: PlainKey; keys: readonly Combination[] }

const inField = { mod: true, shift: true }

/**
 * Every key that does something of ours, by where it does it: handlers ask this table, and the sheet of all keys shows it.
 * Those of `anywhere` are heard wherever the focus is.
 */
export const shortcutGroups = {
  anywhere: {
    keys: { label: 'keys.show', keys: [{ key: '?' }] },
    switcher: { label: 'keys.switcher', keys: [{ key: 'k', mod: true }] },
    search: { label: 'search.title', keys: [{ key: '/' }, { key: 'f', mod: true, shift: true }] },
    unreads: { label: 'keys.unreads', keys: [{ key: 'a', mod: true, shift: true }] },
    mentions: { label: 'keys.mentions', keys: [{ key: '@' }] },
    room_above: { label: 'keys.room_above', keys: [{ key: 'ArrowUp', alt: true }] },
    room_below: { label: 'keys.room_below', keys: [{ key: 'ArrowDown', alt: true }] },
    unread_above: { label: 'keys.unread_above', keys: [{ key: 'ArrowUp', alt: true, shift: true }] },
    unread_below: { label: 'keys.unread_below', keys: [{ key: 'ArrowDown', alt: true, shift: true }] },
    new_direct: { label: 'direct.new', keys: [{ key: 'm', mod: true, shift: true }] },
    all_read: { label: 'command.mark_all_read', keys: [{ key: 'Escape', shift: true }] },
    sidebar: { label: 'command.sidebar', keys: [{ key: 'd', mod: true, shift: true }] },
    settings: { label: 'settings.title', keys: [{ key: ',', mod: true }] },
    next_part: { label: 'keys.next_part', keys: [{ key: 'F6' }] },
    last_part: { label: 'keys.last_part', keys: [{ key: 'F6', shift: true }] },
  },
  messages: {
    message_above: { label: 'keys.message_above', keys: [{ key: 'ArrowUp' }] },
    message_below: { label: 'keys.message_below', keys: [{ key: 'ArrowDown' }] },
    first_message: { label: 'keys.first_message', keys: [{ key: 'Home' }] },
    last_message: { label: 'keys.last_message', keys: [{ key: 'End' }] },
    message_menu: {
      label: 'keys.message_menu',
      keys: [{ key: 'Enter' }, { key: 'F10', shift: true }, { key: 'ContextMenu' }],
    },
    react: { label: 'messages.react', keys: [{ key: '+' }] },
    reply: { label: 'messages.reply', keys: [{ key: 'r' }] },
    thread: { label: 'threads.reply', keys: [{ key: 't' }] },
    edit: { label: 'messages.edit', keys: [{ key: 'e' }] },
    forward: { label: 'messages.forward', keys: [{ key: 'f' }] },
    copy_link: { label: 'messages.copy_link', keys: [{ key: 'c' }] },
    save: { label: 'keys.save', keys: [{ key: 's' }] },
    unread: { label: 'messages.unread', keys: [{ key: 'u' }] },
    pin: { label: 'keys.pin', keys: [{ key: 'p' }] },
    delete: { label: 'messages.delete', keys: [{ key: 'Delete' }, { key: 'Backspace' }] },
    leave_messages: { label: 'keys.leave_messages', keys: [{ key: 'Escape' }] },
  },
  unreads: {
    next_unread: { label: 'keys.next_unread', keys: [{ key: 'j' }] },
    last_unread: { label: 'keys.last_unread', keys: [{ key: 'k' }] },
    room_read: { label: 'room.mark_read', keys: [{ key: 'm' }] },
    into_messages: { label: 'keys.into_messages', keys: [{ key: 'ArrowDown' }] },
  },
  mentions: {
    next_mention: { label: 'keys.next_mention', keys: [{ key: 'j' }, { key: 'ArrowDown' }] },
    last_mention: { label: 'keys.last_mention', keys: [{ key: 'k' }, { key: 'ArrowUp' }] },
    mention_read: { label: 'keys.mention_read', keys: [{ key: 'm' }] },
  },
  writing: {
    send: { label: 'keys.send', keys: [{ key: 'Enter' }] },
    new_line: { label: 'keys.new_line', keys: [{ key: 'Enter', shift: true }] },
    send_code: { label: 'keys.send_code', keys: [{ key: 'Enter', mod: true }] },
    edit_last: { label: 'keys.edit_last', keys: [{ key: 'ArrowUp' }] },
    choose_suggestion: { label: 'keys.choose_suggestion', keys: [{ key: 'Tab' }, { key: 'Enter' }] },
    give_up: { label: 'keys.give_up', keys: [{ key: 'Escape' }] },
    bold: { label: 'format.bold', keys: [{ key: 'b', code: 'KeyB', mod: true }] },
    italic: { label: 'format.italic', keys: [{ key: 'i', code: 'KeyI', mod: true }] },
    strike: { label: 'format.strike', keys: [{ key: 'x', code: 'KeyX', ...inField }] },
    link: { label: 'format.link', keys: [{ key: 'u', code: 'KeyU', ...inField }] },
    numbers: { label: 'format.numbers', keys: [{ key: '7', code: 'Digit7', ...inField }] },
    bullets: { label: 'format.bullets', keys: [{ key: '8', code: 'Digit8', ...inField }] },
    quote: { label: 'format.quote', keys: [{ key: '9', code: 'Digit9', ...inField }] },
    code: { label: 'format.code', keys: [{ key: 'e', code: 'KeyE', mod: true }] },
    fence: { label: 'format.fence', keys: [{ key: 'e', code: 'KeyE', ...inField }] },
  },
  panels: {
    close_panel: { label: 'keys.close_panel', keys: [{ key: 'Escape' }] },
  },
} as const satisfies Record<string, Record<string, Shortcut>>

export type ShortcutGroup = keyof typeof shortcutGroups
export type NameIn<Group extends ShortcutGroup> = keyof (typeof shortcutGroups)[Group] & string
export type ShortcutName = { [Group in ShortcutGroup]: NameIn<Group> }[ShortcutGroup]

const byName = Object.assign({}, ...Object.values(shortcutGroups)) as Record<ShortcutName, Shortcut>

export function keysOf(name: ShortcutName): readonly Combination[] {
  return byName[name].keys
}

export type PressedKey = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Whether this press is one of the shortcut's, and no key more. */
export function isShortcut(event: PressedKey, name: ShortcutName): boolean {
  return keysOf(name).some((keys) => fits(event, keys))
}

function fits(event: PressedKey, { key, code, mod = false, shift = false, alt = false }: Combination): boolean {
  const { ctrlKey, metaKey, altKey, shiftKey } = event
  // On many keyboards a sign is written with AltGr, which says that it is Ctrl and Alt, or Alt alone.
  if (isSign(key) && !mod && altKey && event.key === key) return !metaKey
  const isMod = isApple ? metaKey && !ctrlKey : ctrlKey && !metaKey
  if ((mod ? !isMod : ctrlKey || metaKey) || altKey !== alt) return false
  // Keyboards differ in which signs want Shift.
  if (shiftKey !== shift && !(isSign(key) && !mod)) return false
  return code === undefined ? letterOf(event) === key : event.code === code
}

/** Where other letters are written, the key at that place means the Latin one. */
function letterOf({ key, code }: PressedKey): string {
  if (key.length !== 1) return key
  const isForeign = /\p{L}/u.test(key) && !/[a-z]/i.test(key)
  return (isForeign && /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase()) || key.toLowerCase()
}

function isSign(key: string): boolean {
  return key.length === 1 && !/[a-z0-9]/.test(key)
}

/** Whether the keys write something where one can write. */
export function isWritten({ key, mod = false, alt = false }: Combination): boolean {
  return key.length === 1 && !mod && !alt
}
