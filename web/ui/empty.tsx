import type { ReactNode } from 'react'
import { classes } from './classes.ts'

type EmptyProps = {
  icon: ReactNode
  title: string
  text: string
  children?: ReactNode
  /** In a panel or list rather than on a page of its own. */
  small?: boolean
  /** The whole page, with no heading but this. */
  alone?: boolean
  className?: string
}

/** A place with nothing in it: what it is for, and the first thing to do. Also how a place says that it failed. */
export function Empty({ icon, title, text, children, small = false, alone = false, className }: EmptyProps) {
  const Heading = alone ? 'h1' : 'h2'
  return (
    <div
      className={classes(
        'flex flex-col items-center text-center',
        small ? 'gap-1 px-4 py-8' : 'm-auto gap-1.5 p-8',
        className,
      )}
    >
      <div className={classes('text-faint', small ? 'mb-2' : 'mb-3')}>{icon}</div>
      <Heading className={classes('font-semibold text-balance', small ? 'text-body' : 'text-title')}>{title}</Heading>
      <p className={classes('max-w-[44ch] text-pretty text-soft', small && 'text-meta')}>{text}</p>
      {children !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}
