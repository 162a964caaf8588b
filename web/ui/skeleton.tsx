import { classes } from './classes.ts'

/** A grey shape where words will be. It shows only after 200 ms, in the size of what it stands for. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={classes('skeleton block', className)} />
}
