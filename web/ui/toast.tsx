import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button } from './button.tsx'

type Action = { label: string; run: () => void }

type ToastOptions = {
  forMs?: number
  /** Told when it stays for longer, under the pointer or with the focus, and when it is let go. */
  onHold?: (isHeld: boolean) => void
  /** Called once it is no longer on screen, also after its action. */
  onGone?: () => void
}

type Toast = ToastOptions & { id: number; text: string; action?: Action }

const shownForMs = 6_000
/** An action must be found before it is taken, with a pointer or without. */
const shownWithActionMs = 12_000
let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function change(next: readonly Toast[]): void {
  const gone = toasts.filter((shown) => !next.includes(shown))
  toasts = next
  for (const { onGone } of gone) onGone?.()
  for (const listener of listeners) listener()
}

/** Says something in passing: what was done (with a way to undo it), or that a small thing failed. */
export function toast(text: string, action?: Action, options: ToastOptions = {}): void {
  const id = ++lastId
  change([...toasts.slice(-2), { ...options, id, text, ...(action && { action }) }])
}

function dismiss(id: number): void {
  change(toasts.filter((shown) => shown.id !== id))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <output> may not hold blocks
      role="status"
      data-toasts
      className="pointer-events-none fixed inset-x-0 bottom-[calc(5.5rem+var(--safe-bottom))] z-(--layer-toast) flex flex-col items-center gap-2 px-4"
    >
      {shown.map((each) => (
        <Shown key={each.id} toast={each} />
      ))}
    </div>
  )
}

/** Goes after a while, but not from under the pointer or the focus. */
function Shown({ toast: { id, text, action, ...options } }: { toast: Toast }) {
  const [held, setHeld] = useState(false)
  const { forMs = action ? shownWithActionMs : shownForMs, onHold } = options
  useEffect(() => {
    if (held) return undefined
    const timer = setTimeout(() => dismiss(id), forMs)
    return () => clearTimeout(timer)
  }, [id, held, forMs])
  const turn = (isHeld: boolean) => () => {
    if (isHeld !== held) onHold?.(isHeld)
    setHeld(isHeld)
  }
  const hold = { onMouseEnter: turn(true), onFocus: turn(true) }
  const letGo = { onMouseLeave: turn(false), onBlur: turn(false) }
  return (
    <div
      {...hold}
      {...letGo}
      className="appears pointer-events-auto flex max-w-[min(100%,28rem)] items-center gap-3 rounded-card bg-inverse py-2 ps-4 pe-2 text-meta text-on-inverse shadow-float"
    >
      <span className="py-1.5 wrap-anywhere">{text}</span>
      {action && (
        <Button
          small
          look="quiet"
          className="text-on-inverse! outline-on-inverse! hover:bg-transparent! hover:underline"
          onClick={() => {
            action.run()
            dismiss(id)
          }}
        >
          {action.label}
        </Button>
      )}
    </div>
  )
}
