import type { ReactNode } from 'react'
import { BackButton, headerClasses } from '../rooms/room-header.tsx'

/** A page of what one keeps for oneself: its name, perhaps tabs, and a list. */
export function OwnPage({ title, tabs, children }: { title: string; tabs?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className={headerClasses}>
        <BackButton />
        <h1 className="font-semibold">{title}</h1>
      </div>
      {tabs}
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain">{children}</div>
    </div>
  )
}

export const listClasses =
  'mx-auto flex w-full max-w-(--column-width) flex-col gap-1 px-3 py-4 max-wide:px-1 max-wide:py-2'
export const rowClasses = 'group relative flex items-start gap-3 rounded-control p-3 hover:bg-hover'
/** Its link covers the whole row; what stands on it comes after. */
export const coverClasses =
  'min-w-0 truncate font-semibold outline-none after:absolute after:inset-0 after:rounded-control focus-visible:after:outline-2 focus-visible:after:outline-offset-[-2px] focus-visible:after:outline-accent'
