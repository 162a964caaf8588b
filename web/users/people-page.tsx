import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import CloudOff from 'lucide-react/icons/cloud-off'
import Search from 'lucide-react/icons/search'
import UsersRound from 'lucide-react/icons/users-round'
import { Virtualizer } from 'virtua'
import { useMe } from '../client-context.tsx'
import { mayInvite } from '../invites/may-invite.ts'
import '../locales/account-words.ts'
import '../locales/catching-up-words.ts'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { BackButton, headerClasses } from '../rooms/room-header.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { inputClasses } from '../ui/field.tsx'
import { Loading } from '../ui/loading.tsx'
import { useArrivalFocus } from '../ui/use-arrival-focus.ts'
import { useRoving } from '../ui/use-roving.ts'
import { PersonRow, PersonSkeleton } from './person-row.tsx'
import { usePeopleList } from './use-people-list.ts'
import type { PeopleList } from './use-people-list.ts'

/** Everybody of the server, found by name or by what they do. */
export default function PeoplePage() {
  const [query, setQuery] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const list = usePeopleList(query)
  useArrivalFocus(input)
  const change = (text: string) => {
    setQuery(text)
    scroller.current?.scrollTo({ top: 0 })
  }
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className={headerClasses}>
        <BackButton />
        <h1 className="font-semibold">{say('people.title')}</h1>
      </div>
      <div className="mx-auto w-full max-w-(--column-width) shrink-0 px-5 pt-6 max-wide:px-4 max-wide:pt-4">
        <div className="relative">
          <Search size={16} aria-hidden className="pointer-events-none absolute inset-y-0 start-3 my-auto text-soft" />
          <input
            ref={input}
            type="search"
            aria-label={say('people.find')}
            placeholder={say('people.find')}
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            maxLength={200}
            value={query}
            onChange={(event) => change(event.target.value)}
            className={`${inputClasses} ps-9 text-start`}
          />
        </div>
        <output className="figures flex h-11 items-center px-2 text-meta text-soft">
          {list.status === 'ready' && list.people.length > 0 && say('people.count', { count: list.people.length })}
        </output>
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain">
        <div className="mx-auto flex min-h-full w-full max-w-(--column-width) flex-col px-5 pb-[max(1.5rem,var(--safe-bottom))] max-wide:px-2">
          <People list={list} query={query.trim()} scroller={scroller} />
        </div>
      </div>
    </div>
  )
}

type PeopleProps = { list: PeopleList; query: string; scroller: RefObject<HTMLElement | null> }

function People({ list, query, scroller }: PeopleProps) {
  const me = useMe()
  const openDialog = useOpenDialog()
  const { status, people, problem, want, again } = list
  const first = people.find((user) => user !== undefined)
  const roving = useRoving(first && String(first.id))
  if (status === 'loading') {
    return (
      <Loading className="appears-late flex flex-col">
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <PersonSkeleton key={key} />
        ))}
      </Loading>
    )
  }
  if (status === 'error') {
    return (
      <Empty icon={<CloudOff size={32} strokeWidth={1.5} />} title={say('people.failed.title')} text={problem}>
        <Button look="primary" onClick={again}>
          {say('app.try_again')}
        </Button>
      </Empty>
    )
  }
  if (people.length === 0) {
    return (
      <Empty
        icon={<UsersRound size={32} strokeWidth={1.5} />}
        title={say('people.none.title', { query })}
        text={say('people.none.text')}
      >
        {mayInvite(me) && <Button onClick={() => openDialog({ name: 'invite' })}>{say('invite.make.title')}</Button>}
      </Empty>
    )
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the arrow keys move between the people inside
    <div {...roving.list} data-part>
      <Virtualizer scrollRef={scroller} data={people} itemSize={64} bufferSize={400} as="ul" item="li">
        {(user, index) =>
          user ? (
            <PersonRow key={user.id} user={user} roving={roving.item(String(user.id))} />
          ) : (
            <Missing key={index} index={index} want={want} />
          )
        }
      </Virtualizer>
    </div>
  )
}

/** Asks for the page that somebody is on, once their place comes near the screen. */
function Missing({ index, want }: { index: number; want: PeopleList['want'] }) {
  useEffect(() => want(index), [want, index])
  return <PersonSkeleton />
}
