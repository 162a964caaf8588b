import { useId } from 'react'
import type { ReactNode } from 'react'

type KindChoiceProps = {
  /** Of the choices that belong together. */
  name?: string
  icon: ReactNode
  title: string
  text: string
  checked: boolean
  onChoose: () => void
}

/** A radio button as a card: what is chosen, and what it means. */
export function KindChoice({ name = 'kind', icon, title, text, checked, onChoose }: KindChoiceProps) {
  const id = useId()
  return (
    <label
      htmlFor={id}
      className="transition-colour flex cursor-pointer items-start gap-3 rounded-control px-3 py-2.5 shadow-[inset_0_0_0_1px_var(--color-line)] hover:bg-hover has-checked:bg-accent-soft has-checked:shadow-[inset_0_0_0_1.5px_var(--color-accent)] has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
    >
      <span className="mt-0.5 text-soft">{icon}</span>
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="font-medium">{title}</span>
        <span id={`${id}-text`} className="text-meta text-soft">
          {text}
        </span>
      </span>
      <input
        id={id}
        type="radio"
        name={name}
        aria-label={title}
        aria-describedby={`${id}-text`}
        checked={checked}
        onChange={onChoose}
        className="mt-1 size-4 shrink-0 accent-(--accent) outline-none"
      />
    </label>
  )
}
