import type { ReactNode } from 'react'
import { say } from '../locales/words.ts'

type LoadingProps = { label?: string; className?: string; children: ReactNode }

/** Something is on its way. What stands inside is for the eyes; it should appear late (`appears-late`). */
export function Loading({ label = say('app.loading'), className, children }: LoadingProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <output> may not hold blocks
    <div role="status" aria-label={label} className={className}>
      {children}
    </div>
  )
}
