import type { ButtonHTMLAttributes, Ref } from 'react'
import { classes } from './classes.ts'

type Look = 'primary' | 'secondary' | 'soft' | 'quiet' | 'danger'

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'bg-raised text-text shadow-[inset_0_0_0_1px_var(--neutral-6)] hover:bg-hover',
  soft: 'bg-accent-soft text-accent-text hover:bg-accent hover:text-on-accent',
  quiet: 'text-strong hover:bg-hover',
  danger: 'bg-danger text-on-accent hover:bg-danger-strong',
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: Look
  small?: boolean
  /** Work is under way: the button keeps its place and words and takes no second press. */
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function buttonClasses(look: Look = 'secondary', small = false): string {
  return classes(
    'no-tap-zoom transition-colour inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap select-none',
    small ? 'h-8 px-3 text-meta max-wide:h-11' : 'h-9 px-4 text-body max-wide:h-11',
    looks[look],
  )
}

export function Button({ look, small, busy = false, className, type = 'button', onClick, ...props }: ButtonProps) {
  return (
    <button
      {...props}
      type={type}
      // Not `disabled`, which would throw the focus away.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={classes(buttonClasses(look, small), 'aria-busy:cursor-default aria-busy:opacity-60', className)}
    />
  )
}

type IconButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { label: string; ref?: Ref<HTMLButtonElement> }

/** A button that is only an icon: its label is read out, and shown on hover and focus. */
export function IconButton({ label, className, type = 'button', ...props }: IconButtonProps) {
  return (
    <button
      {...props}
      type={type}
      aria-label={label}
      data-tip={label}
      className={classes(
        'no-tap-zoom transition-colour inline-flex size-8 shrink-0 items-center justify-center rounded-control text-soft hover:bg-hover hover:text-text aria-expanded:bg-chosen aria-expanded:text-text max-wide:size-11',
        className,
      )}
    />
  )
}
