import { useId } from 'react'
import '../locales/catching-up-words.ts'
import { say } from '../locales/words.ts'
import { Dialog } from '../ui/dialog.tsx'
import { sayKeys, sayShortcut } from './say-keys.ts'
import { shortcutGroups } from './shortcuts.ts'
import type { Combination, Shortcut, ShortcutGroup } from './shortcuts.ts'

const titles = {
  anywhere: 'keys.anywhere',
  messages: 'keys.messages',
  unreads: 'keys.in_unreads',
  mentions: 'keys.in_mentions',
  writing: 'keys.writing',
  panels: 'keys.panels',
} as const satisfies Record<ShortcutGroup, string>

/** Every key of the app, from the table that its handlers ask. */
export default function KeysDialog({ onClosed }: { onClosed: () => void }) {
  return (
    <Dialog
      isWide
      title={say('keys.title')}
      text={say('keys.text', { keys: sayShortcut('switcher') })}
      onClosed={onClosed}
    >
      {() => (
        <div className="columns-1 gap-x-10 wide:columns-2">
          {Object.entries(shortcutGroups).map(([group, shortcuts]) => (
            <Group key={group} title={say(titles[group as ShortcutGroup])} shortcuts={shortcuts} />
          ))}
        </div>
      )}
    </Dialog>
  )
}

function Group({ title, shortcuts }: { title: string; shortcuts: Record<string, Shortcut> }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mb-6 break-inside-avoid-column">
      <h3 id={id} className="pb-1 font-semibold">
        {title}
      </h3>
      <dl>
        {Object.entries(shortcuts).map(([name, { label, keys }]) => (
          <div
            key={name}
            data-shortcut={name}
            className="flex min-h-9 items-center justify-between gap-4 border-b border-hairline py-1 text-meta last:border-none"
          >
            <dt className="min-w-0 text-pretty">{say(label)}</dt>
            <dd className="flex shrink-0 flex-wrap items-center justify-end gap-1.5 text-soft">
              <Ways keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** One of several ways is enough. */
function Ways({ keys }: { keys: readonly Combination[] }) {
  return keys.map((combination, index) => {
    const names = sayKeys(combination)
    return (
      <span key={names.join('+')} className="flex items-center gap-1.5">
        {index > 0 && <span>{say('keys.or')}</span>}
        {/* Keys stand in the order in which they are pressed, whatever one reads. */}
        <span dir="ltr" className="flex gap-1">
          {names.map((name) => (
            <kbd
              key={name}
              className="figures flex h-6 min-w-6 items-center justify-center rounded-control bg-side px-1.5 font-sans text-tiny text-strong shadow-[inset_0_0_0_1px_var(--color-hairline)]"
            >
              {name}
            </kbd>
          ))}
        </span>
      </span>
    )
  })
}
