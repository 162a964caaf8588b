import { say } from '../locales/words.ts'

/** Where reading stopped last time; stays until the room is left. */
export function NewDivider() {
  return (
    <div className="flex items-center gap-2 px-2 pt-3">
      <span aria-hidden className="h-px flex-1 bg-accent" />
      <NewMark />
    </div>
  )
}

/** The word at the end of the line above what is new. */
export function NewMark() {
  return (
    <span
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <hr> cannot hold a word
      role="separator"
      aria-label={say('messages.new.label')}
      className="rounded-full bg-accent px-2 text-tiny font-semibold text-on-accent"
    >
      <span aria-hidden>{say('messages.new')}</span>
    </span>
  )
}
