import { say } from '../locales/words.ts'
import { isApple } from './platform.ts'
import type { Combination, ShortcutName } from './shortcuts.ts'
import { keysOf } from './shortcuts.ts'

/** The names of keys that are pressed together, as they stand on this device's keyboard. */
export function sayKeys({ key, mod, shift, alt }: Combination, apple = isApple): string[] {
  return [
    ...(mod ? [apple ? '⌘' : say('key.ctrl')] : []),
    ...(alt ? [apple ? '⌥' : say('key.alt')] : []),
    ...(shift ? [apple ? '⇧' : say('key.shift')] : []),
    sayKey(key, apple),
  ]
}

/** The first way to do it, in one word: "Ctrl+K", "⌘K". */
export function sayShortcut(name: ShortcutName, apple = isApple): string {
  const [first] = keysOf(name)
  return first ? sayKeys(first, apple).join(apple ? '' : '+') : ''
}

function sayKey(key: string, apple: boolean): string {
  if (key.length === 1) return key.toUpperCase()
  const signs: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓' }
  const names: Record<string, string> = {
    Escape: say('key.escape'),
    Enter: apple ? '↩' : say('key.enter'),
    Home: apple ? '↖' : say('key.home'),
    End: apple ? '↘' : say('key.end'),
    Delete: apple ? '⌦' : say('key.delete'),
    Backspace: '⌫',
    Tab: apple ? '⇥' : say('key.tab'),
    ContextMenu: say('key.menu'),
  }
  return signs[key] ?? names[key] ?? key
}

/** For `aria-keyshortcuts`, which has names of its own that are never translated. */
export function ariaKeys(name: ShortcutName): string {
  return keysOf(name)
    .map(({ key, mod, shift, alt }) =>
      [mod && (isApple ? 'Meta' : 'Control'), alt && 'Alt', shift && 'Shift', ariaKey(key)]
        .filter((part) => part !== undefined && part !== false)
        .join('+'),
    )
    .join(' ')
}

function ariaKey(key: string): string {
  if (key === '+') return 'Plus'
  return key.length === 1 ? key.toUpperCase() : key
}
