import { useState } from 'react'
import Check from 'lucide-react/icons/check'
import type { RoomView } from '@grandchat/client'
import { limits } from '@grandchat/contracts/limits'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { favourites } from './group-rooms.ts'

/** Where a room stands in one's own list. */
export default function PlaceRoomDialog({ room, onClosed }: { room: RoomView; onClosed: () => void }) {
  const { sections } = useClient()
  const own = useObservable(sections.list)
  const current = useObservable(sections.placements).get(room.id)?.section ?? null
  const choices = [
    { id: favourites, name: say('sections.favourites') },
    ...own,
    { id: null, name: say('sections.others') },
  ]
  return (
    <Dialog
      title={say('sections.move.title', { room: room.title })}
      text={say('sections.move.text')}
      onClosed={onClosed}
    >
      {(close) => {
        const place = (section: string | null) => {
          sections.place(room.id, section)
          close()
        }
        return (
          <div className="flex flex-col gap-4">
            <ul className="-mx-2 flex max-h-[40dvh] flex-col overflow-y-auto">
              {choices.map(({ id, name }) => (
                <li key={id ?? ''}>
                  <button
                    type="button"
                    aria-pressed={id === current}
                    onClick={() => place(id)}
                    className="no-tap-zoom transition-colour flex min-h-9 w-full items-center gap-2 rounded-control px-2 text-start outline-offset-[-2px] hover:bg-hover max-wide:min-h-11"
                  >
                    <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
                    {id === current && <Check size={16} aria-hidden className="shrink-0 text-accent-text" />}
                  </button>
                </li>
              ))}
            </ul>
            <NewSection onMake={(name) => place(sections.create(name))} />
          </div>
        )
      }}
    </Dialog>
  )
}

function NewSection({ onMake }: { onMake: (name: string) => void }) {
  const [name, setName] = useState('')
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') onMake(name)
      }}
    >
      <Field
        className="min-w-0 flex-1"
        label={say('sections.new')}
        value={name}
        maxLength={limits.sectionName}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" look="primary" className="h-10! max-wide:h-11!" aria-disabled={name.trim() === ''}>
        {say('sections.new.action')}
      </Button>
    </form>
  )
}
