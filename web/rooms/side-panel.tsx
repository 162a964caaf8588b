import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import X from 'lucide-react/icons/x'
import { say, sayInside, sayNumber } from '../locales/words.ts'
import { goBack, navigate, paths } from '../router.tsx'
import type { Panel } from '../router.tsx'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { IconButton } from '../ui/button.tsx'
import { isFocusLost } from '../ui/use-kept-focus.ts'
import { headerClasses } from './room-header.tsx'

/** The element of a panel, for the buttons that open it (`aria-controls`). */
export function panelId(panel: Panel | 'thread'): string {
  return `${panel}-panel`
}

/** On small screens a panel is a page of its own, which the back gesture closes. */
export function isNarrow(): boolean {
  return matchMedia('(max-width: 899.98px)').matches
}

export function togglePanel(roomId: number, panel: Panel, isOpen: boolean): void {
  navigate(isOpen ? paths.room(roomId) : paths.panel(roomId, panel), { replace: !isNarrow() })
}

export function closePanel(roomId: number): void {
  if (isNarrow()) goBack(paths.room(roomId))
  else navigate(paths.room(roomId), { replace: true })
}

type SidePanelProps = {
  roomId: number
  panel: Panel | 'thread'
  title: string
  count?: number
  /** What can be done with all of it, in its head. */
  actions?: ReactNode
  children: ReactNode
}

/** Beside the conversation, or over it on small screens. */
export function SidePanel({ roomId, panel, title, count, actions, children }: SidePanelProps) {
  const element = useRef<HTMLElement>(null)
  useEffect(() => comeAndGo(element.current), [])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape anywhere inside closes it
    <aside
      ref={element}
      id={panelId(panel)}
      tabIndex={-1}
      aria-label={title}
      onKeyDown={(event) => isShortcut(event, 'close_panel') && !event.defaultPrevented && closePanel(roomId)}
      className="flex min-h-0 w-(--panel-width) shrink-0 flex-col border-s border-hairline bg-page outline-none max-roomy:w-75 max-wide:fixed max-wide:inset-0 max-wide:z-(--layer-panel) max-wide:w-auto max-wide:border-none"
    >
      <div className={`${headerClasses} max-wide:ps-5`}>
        <h2 className="flex-1 font-semibold">
          {title} {count !== undefined && <span className="figures font-normal text-soft">{sayNumber(count)}</span>}
        </h2>
        {actions}
        <IconButton
          label={say('panel.close', { panel: sayInside(title) })}
          className="-me-2 max-wide:me-0"
          onClick={() => closePanel(roomId)}
        >
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {children}
    </aside>
  )
}

/** Whoever opened the panel by its button goes into it, and comes back to the button when it closes. */
function comeAndGo(panel: HTMLElement | null): () => void {
  const button = document.querySelector<HTMLElement>(`[aria-controls="${panel?.id}"]`)
  if (document.activeElement === button) panel?.focus({ preventScroll: true })
  return () => requestAnimationFrame(() => isFocusLost() && button?.focus({ preventScroll: true }))
}
