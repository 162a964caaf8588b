import { useId, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { Dialog as Base } from '@base-ui/react/dialog'
import Search from 'lucide-react/icons/search'
import { useClient, useMe, useObservable } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { problemOf, say } from '../locales/words.ts'
import { navigate, parseRoute, paths } from '../router.tsx'
import { useSignOut } from '../sessions/use-sign-out.ts'
import { toast } from '../ui/toast.tsx'
import { openSearch } from './open-search.ts'
import { recentRooms } from './recent-rooms.ts'
import { groupItems, type SwitcherGroup, type SwitcherItem } from './switcher-items.ts'
import { SwitcherRow } from './switcher-row.tsx'
import { useActiveOption } from './use-active-option.ts'
import { useFocusGiver } from './use-focus-giver.ts'
import { useRemoteItems } from './use-remote-items.ts'

const titles = {
  recent: 'switcher.recent',
  rooms: 'rooms.title',
  people: 'switcher.people',
  messages: 'switcher.messages',
  commands: 'switcher.commands',
} as const satisfies Record<SwitcherGroup['name'], string>

/** Jumps to rooms, people and messages, and does what can be done from anywhere: all by the first letters of a name. */
export default function SwitcherDialog({ onClosed }: { onClosed: () => void }) {
  const [isOpen, setIsOpen] = useState(true)
  const input = useRef<HTMLInputElement>(null)
  const giveBack = useFocusGiver()
  /** What was chosen happens once the dialog has gone. */
  const then = useRef<() => void>(undefined)
  const choose = (act: () => void) => {
    then.current = act
    setIsOpen(false)
  }
  const closed = () => {
    onClosed()
    then.current?.()
    if (then.current) giveBack()
  }
  return (
    <Base.Root open={isOpen} onOpenChange={setIsOpen} onOpenChangeComplete={(open) => !open && closed()}>
      <Base.Portal>
        <Base.Backdrop className="scrim fixed inset-0 z-(--layer-dialog)" />
        <Base.Viewport className="fixed inset-0 z-(--layer-dialog) flex items-start justify-center p-4 pt-[12dvh] max-wide:p-0">
          <Base.Popup
            initialFocus={input}
            // What had the focus may be gone by then, and the dialog would find something that had it long ago.
            finalFocus={() => then.current === undefined}
            className="floating flex max-h-[70dvh] w-full max-w-[36rem] flex-col overflow-clip rounded-card bg-raised shadow-dialog outline-none max-wide:h-dvh max-wide:max-h-none max-wide:max-w-none max-wide:rounded-none max-wide:pt-(--safe-top)"
          >
            <Base.Title className="sr-only">{say('switcher.title')}</Base.Title>
            <Switcher input={input} onChoose={choose} onClose={() => setIsOpen(false)} />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

type SwitcherProps = {
  input: RefObject<HTMLInputElement | null>
  onChoose: (act: () => void) => void
  onClose: () => void
}

function Switcher({ input, onChoose, onClose }: SwitcherProps) {
  const client = useClient()
  const me = useMe()
  const openDialog = useOpenDialog()
  const signOut = useSignOut()
  const { rooms } = useObservable(client.rooms.list)
  const [text, setText] = useState('')
  // What was open last does not move while one looks at it.
  const [recent] = useState(recentRooms)
  const remote = useRemoteItems(text)
  const route = parseRoute(location.pathname)
  const currentId = route.name === 'room' ? route.roomId : undefined
  const room = rooms.find(({ id }) => id === currentId)
  const context = { client, me, room, openDialog, signOut }
  const typed = text.trim()
  const groups = groupItems({ typed, rooms, recent, currentId, remote, context })
  const listId = useId()
  const open = (item: SwitcherItem) => onChoose(() => act(item, context))
  const items = groups.flatMap((group) => group.items)
  const active = useActiveOption(items, open, true)
  const optionId = (item: SwitcherItem) => `${listId}-${item.id}`
  const activeItem = items.find(({ id }) => id === active.id)

  return (
    <>
      <div className="relative flex shrink-0 items-center gap-1 border-b border-hairline">
        <Search size={18} aria-hidden className="pointer-events-none absolute inset-y-0 start-4 my-auto text-soft" />
        <input
          ref={input}
          role="combobox"
          aria-label={say('switcher.title')}
          aria-expanded={items.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={activeItem && optionId(activeItem)}
          placeholder={say('switcher.placeholder')}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          maxLength={200}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            active.point('')
          }}
          onKeyDown={active.onKeyDown}
          className="h-13 w-full min-w-0 bg-transparent ps-11 pe-4 text-start text-[1rem] text-text outline-none"
        />
        <button
          type="button"
          onClick={onClose}
          className="no-tap-zoom h-11 shrink-0 px-4 text-meta font-medium text-accent-text wide:hidden"
        >
          {say('app.cancel')}
        </button>
      </div>
      <div
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a <datalist> may hold nothing but text
        role="listbox"
        id={listId}
        aria-label={say('switcher.title')}
        className="min-h-0 overflow-y-auto overscroll-contain p-1.5"
      >
        {groups.map((group) => (
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- groups of options have no tag
          <div key={group.name} role="group" aria-labelledby={`${listId}-${group.name}`} className="pb-1.5">
            <p id={`${listId}-${group.name}`} className="px-2.5 pt-2 pb-1 text-meta font-medium text-soft">
              {say(titles[group.name])}
            </p>
            {group.items.map((item) => (
              <SwitcherRow
                key={item.id}
                id={optionId(item)}
                item={item}
                isActive={item.id === active.id}
                onOpen={() => open(item)}
                onPoint={() => active.point(item.id)}
              />
            ))}
          </div>
        ))}
      </div>
      {items.length === 0 && (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an <output> is for the result of a form
        <p role="status" className="px-4 pb-6 text-center text-meta text-soft">
          {say('switcher.none', { text: typed })}
        </p>
      )}
      {typed !== '' && (
        <button
          type="button"
          onClick={() => onChoose(() => openSearch(parseRoute(location.pathname), typed))}
          className="no-tap-zoom flex min-h-11 shrink-0 items-center gap-3 border-t border-hairline px-4 text-meta text-soft hover:bg-hover hover:text-text"
        >
          <Search size={16} aria-hidden className="shrink-0" />
          <span className="truncate">{say('switcher.search', { text: typed })}</span>
        </button>
      )}
    </>
  )
}

function act(item: SwitcherItem, context: Parameters<typeof groupItems>[0]['context']): void {
  switch (item.kind) {
    case 'room':
    case 'discovered':
      return navigate(paths.room(item.room.id))
    case 'message':
      return navigate(paths.message(item.found.room_id, item.found.message.id))
    case 'person':
      return void context.client.rooms
        .openDirect([item.user.id])
        .then(({ id }) => navigate(paths.room(id)))
        .catch((error: unknown) => toast(problemOf(error).text))
    case 'command':
      return item.command.run(context)
  }
}
