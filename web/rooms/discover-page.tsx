import { useRef, useState } from 'react'
import Archive from 'lucide-react/icons/archive'
import CloudOff from 'lucide-react/icons/cloud-off'
import Compass from 'lucide-react/icons/compass'
import Search from 'lucide-react/icons/search'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { inputClasses } from '../ui/field.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useArrivalFocus } from '../ui/use-arrival-focus.ts'
import { DiscoverRow } from './discover-row.tsx'
import { BackButton, headerClasses } from './room-header.tsx'
import { useRoomSearch } from './use-room-search.ts'
import type { RoomSearch } from './use-room-search.ts'

/** Every room that one may join, found by name while typing. */
export default function DiscoverPage() {
  const [query, setQuery] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const [archived, setArchived] = useState(false)
  const search = useRoomSearch(query, archived)
  useArrivalFocus(input)
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className={headerClasses}>
        <BackButton />
        <h1 className="font-semibold">{say('discover.title')}</h1>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div className="mx-auto w-full max-w-(--column-width) px-5 py-6 max-wide:px-4 max-wide:py-4">
          <div className="relative">
            <Search
              size={16}
              aria-hidden
              className="pointer-events-none absolute inset-y-0 start-3 my-auto text-soft"
            />
            <input
              ref={input}
              type="search"
              aria-label={say('discover.search')}
              placeholder={say('discover.search')}
              autoComplete="off"
              spellCheck={false}
              dir="auto"
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              className={`${inputClasses} ps-9 text-start`}
            />
          </div>
          <div className="flex min-h-11 items-center justify-between gap-3 py-1">
            <output className="figures px-2 text-meta text-soft">
              {search.status === 'ready' &&
                search.rooms.length > 0 &&
                say('discover.count', { count: search.rooms.length })}
            </output>
            <label className="flex cursor-pointer items-center gap-2 rounded-control px-2 text-meta text-soft hover:text-text max-wide:min-h-11">
              <input
                type="checkbox"
                checked={archived}
                onChange={(event) => setArchived(event.target.checked)}
                className="size-4 accent-(--accent)"
              />
              {say('discover.archived')}
            </label>
          </div>
          <Results search={search} query={query} archived={archived} />
        </div>
      </div>
    </div>
  )
}

function Results({ search, query, archived }: { search: RoomSearch; query: string; archived: boolean }) {
  const openDialog = useOpenDialog()
  if (search.status === 'loading') return <ResultsSkeleton />
  if (search.status === 'error') {
    return (
      <Empty
        icon={<CloudOff size={32} strokeWidth={1.5} />}
        title={say('discover.failed.title')}
        text={search.problem ?? ''}
      >
        <Button look="primary" onClick={search.again}>
          {say('app.try_again')}
        </Button>
      </Empty>
    )
  }
  if (search.rooms.length === 0 && archived) {
    return (
      <Empty
        icon={<Archive size={32} strokeWidth={1.5} />}
        title={say('discover.archived.none.title')}
        text={say('discover.archived.none.text')}
      />
    )
  }
  if (search.rooms.length === 0) {
    const name = query.trim()
    return (
      <Empty
        icon={<Compass size={32} strokeWidth={1.5} />}
        title={name === '' ? say('discover.empty.title') : say('discover.none.title', { query: name })}
        text={say(name === '' ? 'discover.empty.text' : 'discover.none.text')}
      >
        <Button look="primary" onClick={() => openDialog({ name: 'create-room', roomName: name })}>
          {say('rooms.create')}
        </Button>
      </Empty>
    )
  }
  return (
    <ul aria-label={say('discover.results')} className="flex flex-col">
      {search.rooms.map((room) => (
        <DiscoverRow key={room.id} room={room} />
      ))}
    </ul>
  )
}

function ResultsSkeleton() {
  return (
    <Loading className="appears-late flex flex-col">
      {['w-32', 'w-44', 'w-24', 'w-36'].map((width) => (
        <div key={width} className="flex h-16 items-center gap-3 px-2">
          <Skeleton className="size-9 rounded-card" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className={`h-3 ${width}`} />
            <Skeleton className="h-3 w-1/2" />
          </div>
        </div>
      ))}
    </Loading>
  )
}
