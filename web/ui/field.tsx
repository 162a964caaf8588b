import { useId, useState } from 'react'
import type { InputHTMLAttributes, ReactNode, Ref } from 'react'
import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import { say } from '../locales/words.ts'
import { classes } from './classes.ts'

type FieldProps = InputHTMLAttributes<HTMLInputElement> & {
  label: string
  hint?: string | undefined
  problem?: string | undefined
  after?: ReactNode
  ref?: Ref<HTMLInputElement>
}

export const inputClasses =
  'transition-colour h-10 w-full min-w-0 rounded-control bg-raised px-3 text-body text-text shadow-[inset_0_0_0_1px_var(--color-edge)] outline-offset-0 aria-invalid:shadow-[inset_0_0_0_1.5px_var(--color-danger)] aria-invalid:outline-danger focus-visible:shadow-none max-wide:h-11 max-wide:text-[1rem]'

/** A labelled input; its hint gives way to what is wrong with it. */
export function Field({ label, hint, problem, after, className, ...props }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const note = problem ?? hint
  return (
    <div className={classes('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="text-meta font-medium text-text">
        {label}
      </label>
      <div className="relative flex">
        <input
          {...props}
          id={id}
          className={classes(inputClasses, after !== undefined && 'pe-10 max-wide:pe-12')}
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={note === undefined ? undefined : noteId}
        />
        {after}
      </div>
      {note !== undefined && (
        <p
          id={noteId}
          className={classes('text-meta text-pretty', problem === undefined ? 'text-soft' : 'text-danger-text')}
        >
          {note}
        </p>
      )}
    </div>
  )
}

export function PasswordField(props: FieldProps) {
  const [shown, setShown] = useState(false)
  const label = say(shown ? 'account.password.hide' : 'account.password.show')
  return (
    <Field
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      after={
        <button
          type="button"
          aria-label={label}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="transition-colour absolute inset-y-0 end-0 flex w-10 items-center justify-center rounded-control text-soft hover:text-text max-wide:w-11"
        >
          {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
        </button>
      }
    />
  )
}
