import { useState } from 'react'
import DoorClosed from 'lucide-react/icons/door-closed'
import { useClient } from '../client-context.tsx'
import { codeOf, problemOf, say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { headerClasses, BackButton } from './room-header.tsx'

/** A link to a room that is not one's own: never was, no longer is, or does not exist. The server tells these apart to nobody. */
export function RoomAbsent({ roomId }: { roomId: number }) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  const join = () => {
    setBusy(true)
    setProblem(undefined)
    client.rooms
      .join(roomId)
      .catch((error: unknown) => {
        setProblem(codeOf(error) === 'not_found' ? say('room.absent.unknown') : problemOf(error).text)
      })
      .finally(() => setBusy(false))
  }

  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className={`${headerClasses} wide:hidden`}>
        <BackButton />
      </div>
      <Empty
        alone
        icon={<DoorClosed size={32} strokeWidth={1.5} />}
        title={say('room.absent.title')}
        text={say('room.absent.text')}
      >
        <Button look="primary" busy={busy} onClick={join}>
          {say('room.absent.join')}
        </Button>
        <Button onClick={() => navigate(paths.discover)}>{say('rooms.discover')}</Button>
        <p role="alert" className="w-full pt-1 text-meta text-danger-text">
          {problem}
        </p>
      </Empty>
    </div>
  )
}
