import { useId } from 'react'
import type { ReactNode } from 'react'

/** A part of the settings under a heading of its own. */
export function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-b border-hairline py-8 last:border-none">
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {text !== undefined && <p className="mt-1 text-pretty text-soft">{text}</p>}
      <div className="mt-5 flex flex-col gap-5">{children}</div>
    </section>
  )
}
