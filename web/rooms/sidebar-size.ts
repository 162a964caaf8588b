import { createSetting } from '../ui/setting.ts'

export const sidebarWidths = { least: 200, initial: 264, most: 480 }
/** Whoever drags it narrower than this wants it out of the way. */
export const collapsesBelow = 140

export function clampWidth(width: number): number {
  return Math.round(Math.min(sidebarWidths.most, Math.max(sidebarWidths.least, width)))
}

/** In CSS pixels; holds from two columns on. */
export const sidebarWidth = createSetting<number>({
  key: 'sidebar_width',
  parse: (stored) => (Number(stored) > 0 ? clampWidth(Number(stored)) : undefined),
  initial: sidebarWidths.initial,
  apply: (width) => document.documentElement.style.setProperty('--sidebar-chosen', `${width}px`),
})

/** A collapsed sidebar is a narrow rail of rooms; the styles do the rest (`rail:`). */
export type SidebarShape = 'open' | 'collapsed'

export const sidebarShape = createSetting<SidebarShape>({
  key: 'sidebar',
  parse: (stored) => (stored === 'collapsed' ? stored : undefined),
  initial: 'open',
  apply: (shape) => {
    document.documentElement.dataset.sidebar = shape
  },
})

export function toggleSidebar(): void {
  sidebarShape.set(sidebarShape.get() === 'open' ? 'collapsed' : 'open')
}
