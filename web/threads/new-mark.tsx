import { say } from '../locales/words.ts'

/** How many messages of a thread are new to its reader; nothing if none are. */
export function NewMark({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <span className="figures shrink-0 rounded-full bg-accent px-2 text-tiny font-semibold text-on-accent">
      {say('threads.new', { count })}
    </span>
  )
}
