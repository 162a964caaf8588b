import { useRef } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { say } from '../locales/words.ts'
import { clampWidth, collapsesBelow, sidebarShape, sidebarWidth, sidebarWidths, toggleSidebar } from './sidebar-size.ts'

const stepPx = 16

/** The edge between the sidebar and the page: drag it, or move it with the arrow keys; Enter collapses and opens. */
export function SidebarHandle({ controls }: { controls: string }) {
  const width = sidebarWidth.use()
  const collapsed = sidebarShape.use() === 'collapsed'
  const dragged = useRef<number>(undefined)

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    dragged.current = collapsed ? 0 : width
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (dragged.current === undefined) return
    dragged.current = widthAt(event)
    sidebarShape.show(dragged.current < collapsesBelow ? 'collapsed' : 'open')
    sidebarWidth.show(clampWidth(dragged.current))
  }
  const onPointerEnd = () => {
    if (dragged.current === undefined) return
    choose(dragged.current)
    dragged.current = undefined
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = widthAfter(event.key, collapsed ? 0 : width, isRightToLeft(event.currentTarget))
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    if (next === 'toggle') toggleSidebar()
    else choose(next)
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator that one moves
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <hr> cannot be moved
      role="separator"
      aria-orientation="vertical"
      aria-label={say('sidebar.width')}
      aria-controls={controls}
      aria-valuemin={0}
      aria-valuemax={sidebarWidths.most}
      aria-valuenow={collapsed ? 0 : width}
      aria-valuetext={collapsed ? say('sidebar.collapsed') : say('sidebar.pixels', { width })}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keys move it
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onDoubleClick={() => choose(sidebarWidths.initial)}
      onKeyDown={onKeyDown}
      className="sidebar-handle absolute inset-y-0 -end-1 z-(--layer-sticky) w-2 cursor-col-resize touch-none outline-none max-wide:hidden"
    />
  )
}

function choose(width: number): void {
  if (width < collapsesBelow) return sidebarShape.set('collapsed')
  sidebarWidth.set(clampWidth(width))
  sidebarShape.set('open')
}

function widthAt(event: PointerEvent<HTMLElement>): number {
  const sidebar = event.currentTarget.parentElement?.getBoundingClientRect() ?? new DOMRect()
  return isRightToLeft(event.currentTarget) ? sidebar.right - event.clientX : event.clientX - sidebar.left
}

function widthAfter(key: string, width: number, rightToLeft: boolean): number | 'toggle' | undefined {
  const wider = rightToLeft ? 'ArrowLeft' : 'ArrowRight'
  const narrower = rightToLeft ? 'ArrowRight' : 'ArrowLeft'
  if (key === wider) return width === 0 ? sidebarWidths.least : width + stepPx
  // At its narrowest, one step further puts it out of the way.
  if (key === narrower) return width > sidebarWidths.least ? Math.max(sidebarWidths.least, width - stepPx) : 0
  if (key === 'Home') return sidebarWidths.least
  if (key === 'End') return sidebarWidths.most
  return key === 'Enter' ? 'toggle' : undefined
}

function isRightToLeft(element: HTMLElement): boolean {
  return getComputedStyle(element).direction === 'rtl'
}
