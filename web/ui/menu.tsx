import { useEffect, useRef } from 'react'
import type { ReactElement, ReactNode, RefObject } from 'react'
import { Menu as Base } from '@base-ui/react/menu'
import Check from 'lucide-react/icons/check'
import { ariaKeys, sayShortcut } from '../shortcuts/say-keys.ts'
import type { ShortcutName } from '../shortcuts/shortcuts.ts'
import { classes } from './classes.ts'
import type { PressedBy } from './pressed-by.ts'

const itemClasses =
  'flex min-h-8 w-full cursor-pointer items-center gap-2.5 rounded-control px-2 text-start outline-none select-none data-highlighted:bg-chosen max-wide:min-h-11'

const popupClasses =
  'floating max-h-(--available-height) min-w-[max(13rem,var(--anchor-width))] overflow-y-auto rounded-card bg-raised p-1 shadow-float outline-none'

type MenuProps = {
  trigger: ReactElement
  side: 'top' | 'bottom'
  align: 'start' | 'end'
  /** It was pressed before it was here, and opens at once. */
  wasPressed?: PressedBy | undefined
  children: ReactNode
}

export function Menu({ trigger, side, align, wasPressed, children }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null)
  const byKeys = wasPressed === 'keys'
  // As keys do, which give the focus to the first entry.
  useEffect(() => {
    if (byKeys) button.current?.click()
  }, [byKeys])
  return (
    <Base.Root defaultOpen={wasPressed === 'pointer'}>
      <Base.Trigger ref={button} render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} className="z-(--layer-float) outline-none">
          <Base.Popup className={popupClasses}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

type AnchoredMenuProps = {
  /** What it is about, or the place where it was asked for. */
  anchor: RefObject<Element | null> | { getBoundingClientRect: () => DOMRect }
  align?: 'start' | 'end'
  onClose: () => void
  children: ReactNode
}

/** A menu that is open as soon as it is rendered, beside what it is about. Who closes it says where the focus goes. */
export function AnchoredMenu({ anchor, align = 'end', onClose, children }: AnchoredMenuProps) {
  return (
    <Base.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Positioner
          anchor={anchor}
          side="bottom"
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-(--layer-float) outline-none"
        >
          <Base.Popup finalFocus={false} className={popupClasses}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

type MenuItemProps = {
  icon: ReactNode
  danger?: boolean
  /** The key that does the same. */
  shortcut?: ShortcutName | undefined
  onClick: () => void
  children: ReactNode
}

export function MenuItem({ icon, danger = false, shortcut, onClick, children }: MenuItemProps) {
  return (
    <Base.Item
      onClick={onClick}
      aria-keyshortcuts={shortcut && ariaKeys(shortcut)}
      className={classes(itemClasses, danger && 'text-danger-text')}
    >
      <span className={classes('flex size-4 items-center justify-center', !danger && 'text-soft')}>{icon}</span>
      {children}
      {shortcut !== undefined && (
        <kbd aria-hidden className="ms-auto ps-6 font-sans text-meta text-soft max-wide:hidden">
          {sayShortcut(shortcut)}
        </kbd>
      )}
    </Base.Item>
  )
}

export function MenuLine() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-hairline" />
}

type MenuChoiceProps<T extends string> = {
  label: string
  value: T
  choices: readonly { value: T; label: string; icon: ReactNode }[]
  onChange: (value: T) => void
}

/** One of a few, chosen without leaving the menu. */
export function MenuChoice<T extends string>({ label, value, choices, onChange }: MenuChoiceProps<T>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-2 pb-1 text-meta font-medium text-soft">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
        {choices.map((choice) => (
          <Base.RadioItem key={choice.value} value={choice.value} closeOnClick={false} className={itemClasses}>
            <span className="flex size-4 items-center justify-center text-soft">{choice.icon}</span>
            <span className="flex-1">{choice.label}</span>
            <Base.RadioItemIndicator>
              <Check size={16} aria-hidden className="text-accent-text" />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  )
}
