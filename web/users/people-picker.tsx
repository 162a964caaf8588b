import { useRef, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'
import X from 'lucide-react/icons/x'
import type { User } from '@grandchat/contracts/users/schema'
import { useMe } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { PresenceDot } from '../presence/presence-dot.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { useRoving } from '../ui/use-roving.ts'
import { displayName } from './names.ts'
import { usePeopleSearch } from './use-people-search.ts'

type PeoplePickerProps = {
  chosen: readonly User[]
  onChange: (chosen: readonly User[]) => void
  /** Who cannot be chosen, with the reason. */
  whyNot?: (user: User) => string | undefined
  /** So many and no more. */
  max: number
}

/** Chooses people: written names are looked for, and who is chosen stands before what is written. */
export function PeoplePicker({ chosen, onChange, whyNot, max }: PeoplePickerProps) {
  const [query, setQuery] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const search = usePeopleSearch(query)
  const chosenIds = new Set(chosen.map(({ id }) => id))
  const offered = search.people.filter(({ id }) => !chosenIds.has(id))
  const isFull = chosen.length >= max

  const choose = (user: User) => {
    if (isFull || whyNot?.(user) !== undefined) return
    onChange([...chosen, user])
    setQuery('')
    input.current?.focus()
  }
  const drop = (user: User) => {
    onChange(chosen.filter(({ id }) => id !== user.id))
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const first = offered.find((user) => whyNot?.(user) === undefined)
    const last = chosen.at(-1)
    if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>('[data-roving]')?.focus()
    else if (event.key === 'Enter' && query.trim() !== '' && first) choose(first)
    else if (event.key === 'Backspace' && query === '' && last) drop(last)
    else return
    event.preventDefault()
  }
  return (
    <div className="flex flex-col">
      <div className="transition-colour flex max-h-32 flex-wrap gap-1.5 overflow-y-auto rounded-control bg-raised p-1.5 shadow-[inset_0_0_0_1px_var(--color-edge)] focus-within:shadow-[inset_0_0_0_1.5px_var(--color-accent)]">
        {chosen.map((user) => (
          <Chip key={user.id} user={user} onDrop={() => drop(user)} />
        ))}
        <input
          ref={input}
          type="text"
          aria-label={say('people.search')}
          placeholder={chosen.length === 0 ? say('people.search') : undefined}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={onKeyDown}
          className="h-7 min-w-24 flex-1 bg-transparent px-1.5 text-start outline-none max-wide:h-9 max-wide:text-[1rem]"
        />
      </div>
      <p aria-live="polite" className="pt-1.5 text-meta text-soft empty:hidden">
        {isFull ? say('people.full', { max }) : search.problem}
      </p>
      <Offered list={list} people={offered} status={search.status} whyNot={whyNot} onChoose={choose} />
    </div>
  )
}

function Chip({ user, onDrop }: { user: User; onDrop: () => void }) {
  return (
    <span className="flex h-7 max-w-full items-center gap-1.5 rounded-full bg-accent-soft ps-1 text-meta text-accent-text max-wide:h-9">
      <Avatar user={user} size={20} />
      <bdi className="truncate">{displayName(user)}</bdi>
      <button
        type="button"
        aria-label={say('people.drop', { name: displayName(user) })}
        onClick={onDrop}
        className="no-tap-zoom flex size-7 shrink-0 items-center justify-center rounded-full outline-offset-[-2px] hover:bg-hover max-wide:size-9"
      >
        <X size={14} aria-hidden />
      </button>
    </span>
  )
}

type OfferedProps = {
  list: RefObject<HTMLUListElement | null>
  people: readonly User[]
  status: 'loading' | 'ready' | 'error'
  whyNot: ((user: User) => string | undefined) | undefined
  onChoose: (user: User) => void
}

function Offered({ list, people, status, whyNot, onChoose }: OfferedProps) {
  const roving = useRoving(people[0] && String(people[0].id))
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the arrow keys move between its buttons
    <ul
      ref={list}
      {...roving.list}
      aria-label={say('people.found')}
      className="-mx-2 mt-2 h-[min(18rem,36dvh)] overflow-y-auto overscroll-contain"
    >
      {people.map((user) => (
        <li key={user.id}>
          <OfferedPerson
            user={user}
            reason={whyNot?.(user)}
            roving={roving.item(String(user.id))}
            onChoose={() => onChoose(user)}
          />
        </li>
      ))}
      {people.length === 0 && status === 'ready' && (
        <li className="px-2 py-6 text-center text-meta text-soft">{say('people.none')}</li>
      )}
    </ul>
  )
}

type OfferedPersonProps = {
  user: User
  reason: string | undefined
  roving: { 'data-roving': string; tabIndex: number }
  onChoose: () => void
}

function OfferedPerson({ user, reason, roving, onChoose }: OfferedPersonProps) {
  const me = useMe()
  const name = displayName(user)
  return (
    <button
      type="button"
      {...roving}
      aria-disabled={reason !== undefined || undefined}
      onClick={onChoose}
      className="no-tap-zoom flex min-h-12 w-full items-center gap-2.5 rounded-control px-2 text-start outline-offset-[-2px] hover:bg-hover aria-disabled:cursor-default"
    >
      <span className="relative flex shrink-0">
        <Avatar user={user} />
        <PresenceDot userId={user.id} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex min-w-0 gap-1.5">
          <bdi className="truncate font-medium">{name}</bdi>
          {user.id === me.id && <span className="shrink-0 text-soft">({say('members.you')})</span>}
        </span>
        {name !== user.username && <bdi className="truncate text-meta text-soft">{user.username}</bdi>}
      </span>
      {reason !== undefined && <span className="shrink-0 text-meta text-soft">{reason}</span>}
    </button>
  )
}
