import Clock from 'lucide-react/icons/clock'
import Pencil from 'lucide-react/icons/pencil'
import PencilLine from 'lucide-react/icons/pencil-line'
import SendHorizontal from 'lucide-react/icons/send-horizontal'
import Trash2 from 'lucide-react/icons/trash-2'
import type { DraftView, ScheduledView } from '@grandchat/client'
import { useClient, useObservable, useRoom } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { say, sayFailure } from '../locales/words.ts'
import { RoomIcon } from '../rooms/room-mark.tsx'
import { Link, paths } from '../router.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { toast } from '../ui/toast.tsx'
import { useNow } from '../ui/use-now.ts'
import { coverClasses, listClasses, OwnPage, rowClasses } from './page.tsx'

type Tab = 'drafts' | 'scheduled'

/** What was begun, and what is to be sent later. */
export default function DraftsPage({ tab }: { tab: Tab }) {
  const client = useClient()
  const drafts = useObservable(client.drafts.list)
  const scheduled = useObservable(client.scheduled.list)
  return (
    <OwnPage
      title={say('drafts.title')}
      tabs={
        <nav aria-label={say('drafts.title')} className="flex gap-1 border-b border-hairline px-5 py-2 max-wide:px-3">
          <TabLink to={paths.drafts} label={say('drafts.tab')} count={drafts.length} isHere={tab === 'drafts'} />
          <TabLink
            to={paths.scheduled}
            label={say('scheduled.tab')}
            count={scheduled.length}
            isHere={tab === 'scheduled'}
          />
        </nav>
      }
    >
      {tab === 'drafts' ? <Drafts drafts={drafts} /> : <Scheduled scheduled={scheduled} />}
    </OwnPage>
  )
}

function TabLink({ to, label, count, isHere }: { to: string; label: string; count: number; isHere: boolean }) {
  return (
    <Link
      to={to}
      aria-current={isHere ? 'page' : undefined}
      className="no-tap-zoom transition-colour flex h-8 items-center gap-1.5 rounded-control px-3 font-medium text-soft hover:bg-hover hover:text-text aria-[current]:bg-chosen aria-[current]:text-text max-wide:h-11"
    >
      {label}
      {count > 0 && <span className="figures text-meta">{count}</span>}
    </Link>
  )
}

function Drafts({ drafts }: { drafts: readonly DraftView[] }) {
  if (drafts.length === 0) {
    return (
      <Empty
        icon={<PencilLine size={32} strokeWidth={1.5} />}
        title={say('drafts.empty.title')}
        text={say('drafts.empty.text')}
      />
    )
  }
  return (
    <ul aria-label={say('drafts.tab')} className={listClasses}>
      {drafts.map((draft) => (
        <li key={`${draft.room_id}.${draft.thread_id}`}>
          <DraftRow draft={draft} />
        </li>
      ))}
    </ul>
  )
}

function DraftRow({ draft }: { draft: DraftView }) {
  const { room_id, thread_id, content, updated_at } = draft
  const { drafts } = useClient()
  const set = (text: string) => drafts.set(room_id, text, thread_id ?? undefined)
  const remove = () => {
    set('')
    toast(say('drafts.removed'), { label: say('app.undo'), run: () => set(content) })
  }
  return (
    <article className={rowClasses}>
      <div className="min-w-0 flex-1">
        <Place roomId={room_id} threadId={thread_id} time={updated_at} />
        <p dir="auto" className="people-words mt-0.5 line-clamp-3 text-start text-strong">
          {content}
        </p>
      </div>
      <IconButton label={say('drafts.remove')} className="relative" onClick={remove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </article>
  )
}

type PlaceProps = { roomId: number; threadId: number | null; time?: string }

/** Where it belongs, as the way there. */
function Place({ roomId, threadId, time }: PlaceProps) {
  const room = useRoom(roomId)
  return (
    <p className="flex items-center gap-1.5">
      {room && <RoomIcon kind={room.kind} size={14} />}
      {room ? (
        <Link
          to={threadId === null ? paths.room(roomId) : paths.thread(roomId, threadId)}
          className={coverClasses}
          aria-label={say('drafts.open', { room: room.title })}
        >
          <bdi>{room.title}</bdi>
        </Link>
      ) : (
        <span className="font-semibold text-soft">{say('drafts.elsewhere')}</span>
      )}
      {threadId !== null && <span className="shrink-0 text-meta text-soft">{say('drafts.thread')}</span>}
      {time !== undefined && (
        <time dateTime={time} title={sayExactTime(time)} className="figures ms-auto shrink-0 ps-2 text-tiny text-soft">
          {sayTime(time)}
        </time>
      )}
    </p>
  )
}

function Scheduled({ scheduled }: { scheduled: readonly ScheduledView[] }) {
  if (scheduled.length === 0) {
    return (
      <Empty
        icon={<Clock size={32} strokeWidth={1.5} />}
        title={say('scheduled.empty.title')}
        text={say('scheduled.empty.text')}
      />
    )
  }
  return (
    <ul aria-label={say('scheduled.tab')} className={listClasses}>
      {scheduled.map((message) => (
        <li key={message.id}>
          <ScheduledRow message={message} />
        </li>
      ))}
    </ul>
  )
}

function ScheduledRow({ message }: { message: ScheduledView }) {
  const { scheduled } = useClient()
  const openDialog = useOpenDialog()
  const { id, room_id, thread_id, reply_to, content, send_at } = message
  const change = () =>
    openDialog({
      name: 'schedule',
      content,
      sendAt: new Date(send_at),
      onChosen: (sendAt, text) => scheduled.change(id, { sendAt, content: text }),
    })
  const remove = () => {
    scheduled.remove(id)
    const again = { room_id, thread_id, reply_to, content, send_at: new Date(send_at) }
    toast(say('scheduled.removed'), { label: say('app.undo'), run: () => void scheduled.add(again) })
  }
  return (
    <article className={rowClasses}>
      <div className="min-w-0 flex-1">
        <Place roomId={room_id} threadId={thread_id ?? null} />
        <p dir="auto" className="people-words mt-0.5 line-clamp-6 text-start text-strong">
          {content}
        </p>
        <When message={message} />
        <div className="relative mt-2 flex flex-wrap gap-2">
          <Button small onClick={() => scheduled.sendNow(id)}>
            <SendHorizontal size={14} aria-hidden />
            {say('scheduled.now')}
          </Button>
          <Button small onClick={change}>
            <Pencil size={14} aria-hidden />
            {say('scheduled.change')}
          </Button>
        </div>
      </div>
      <IconButton label={say('scheduled.remove')} className="relative" onClick={remove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </article>
  )
}

function When({ message: { send_at, failure } }: { message: ScheduledView }) {
  useNow()
  if (failure) {
    return <p className="mt-1 text-meta text-danger-text">{say('scheduled.failed', { reason: sayFailure(failure) })}</p>
  }
  return (
    <p className="figures mt-1 flex items-center gap-1.5 text-meta text-soft">
      <Clock size={13} aria-hidden />
      <time dateTime={send_at} title={sayExactTime(send_at)}>
        {say('scheduled.at', { time: sayTime(send_at) })}
      </time>
    </p>
  )
}
