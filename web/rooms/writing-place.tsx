import type { ReactNode } from 'react'
import Archive from 'lucide-react/icons/archive'
import Megaphone from 'lucide-react/icons/megaphone'
import type { RoomView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { restoreRoom } from './archiving.ts'
import { isOwner, mayWrite } from './may.ts'

/** Where one writes, or why one cannot. */
export function WritingPlace({ room, children }: { room: RoomView; children: ReactNode }) {
  const client = useClient()
  if (mayWrite(room)) return children
  if (room.archived_at === null) {
    return <Instead icon={<Megaphone size={16} aria-hidden />} text={say('room.announcements.text')} />
  }
  return (
    <Instead icon={<Archive size={16} aria-hidden />} text={say('room.archived.text')}>
      {isOwner(room) && (
        <Button small onClick={() => void restoreRoom(client, room)}>
          {say('room.restore')}
        </Button>
      )}
    </Instead>
  )
}

function Instead({ icon, text, children }: { icon: ReactNode; text: string; children?: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-(--column-width) shrink-0 px-5 pt-2 pb-[max(1.25rem,var(--safe-bottom))] max-wide:px-3 max-wide:pb-[max(0.75rem,var(--safe-bottom))]">
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 rounded-card bg-side px-3.5 py-1.5 text-soft">
        {icon}
        <p className="min-w-40 flex-1 text-meta text-pretty">{text}</p>
        {children}
      </div>
    </div>
  )
}
