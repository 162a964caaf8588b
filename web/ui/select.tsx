import { useId } from 'react'
import type { SelectHTMLAttributes } from 'react'
import { classes } from './classes.ts'
import { inputClasses } from './field.tsx'

type SelectProps<T extends string> = Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'value'> & {
  label: string
  hint?: string
  value: T
  choices: readonly { value: T; label: string }[]
  onChange: (value: T) => void
}

/** One of many: the device's own list, which it knows best how to show. */
export function Select<T extends string>({ label, hint, value, choices, onChange, ...props }: SelectProps<T>) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-meta font-medium text-text">
        {label}
      </label>
      <select
        {...props}
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
        className={classes(inputClasses, 'cursor-pointer')}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-meta text-soft">
          {hint}
        </p>
      )}
    </div>
  )
}
