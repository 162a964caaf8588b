import { Suspense } from 'react'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { lazyPart } from '../parts.ts'
import { classes } from '../ui/classes.ts'
import type { ReactNode } from 'react'
import type { RoomGroup } from './group-rooms.ts'

const SectionMenu = lazyPart(() => import('./section-menu.tsx'))

/** Which parts of the list are folded away, on all devices. */
export function useFolded(): { has: (id: string) => boolean; toggle: (id: string) => void } {
  const { settings } = useClient()
  const folded = useObservable(settings.get('collapsed')) ?? []
  return {
    has: (id) => folded.includes(id),
    toggle(id) {
      const next = folded.includes(id) ? folded.filter((other) => other !== id) : [...folded, id]
      settings.set('collapsed', next.length === 0 ? undefined : next)
    },
  }
}

type RoomGroupProps = {
  group: RoomGroup
  hasTitle: boolean
  isFolded: boolean
  onFold: () => void
  children: ReactNode
}

/** A part of the list under its name, which folds it away. */
export function GroupOfRooms({ group, hasTitle, isFolded, onFold, children }: RoomGroupProps) {
  const { title, label, section, rooms } = group
  return (
    <>
      {hasTitle && (
        <div className="group flex h-8 items-center gap-1 pt-1 ps-1 max-wide:h-11 rail:hidden" data-section={group.key}>
          <h2 className="min-w-0 flex-1">
            <button
              type="button"
              aria-expanded={!isFolded}
              onClick={onFold}
              className="transition-colour flex h-7 w-full items-center gap-1.5 rounded-control px-1 text-start text-tiny font-medium text-soft outline-offset-[-2px] hover:text-text max-wide:h-11"
            >
              <ChevronDown
                size={12}
                aria-hidden
                className={classes('shrink-0', isFolded && '-rotate-90 rtl:rotate-90')}
              />
              <bdi className="truncate">{title}</bdi>
            </button>
          </h2>
          {section && (
            <Suspense>
              <SectionMenu section={section} rooms={rooms} />
            </Suspense>
          )}
        </div>
      )}
      <ul aria-label={label}>{children}</ul>
      {section && rooms.length === 0 && !isFolded && (
        <p className="px-2.5 pb-1 text-meta text-pretty text-soft rail:hidden">{say('sections.empty')}</p>
      )}
    </>
  )
}
