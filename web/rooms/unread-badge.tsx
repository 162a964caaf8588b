import { say } from '../locales/words.ts'

/** A count as a badge shows it. */
export function sayUnread(count: number): string {
  return count > 99 ? say('rooms.unread.many') : String(count)
}

export function UnreadBadge({ id, count }: { id: string; count: number }) {
  if (count === 0) return null
  return (
    <span
      id={id}
      data-unread={count}
      className="figures flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full bg-accent px-1.25 text-tiny font-semibold text-on-accent rail:absolute rail:end-0.5 rail:-top-0.5 rail:shadow-[0_0_0_2px_var(--color-side)]"
    >
      <span aria-hidden>{sayUnread(count)}</span>
      <span className="sr-only">{say('rooms.unread', { count })}</span>
    </span>
  )
}
