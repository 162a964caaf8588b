import type { MessageView } from '@grandchat/client'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import { sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { hasThread } from '../messages/items.ts'
import { Avatar } from '../ui/avatar.tsx'
import { NewMark } from './new-mark.tsx'
import { openThread } from './open-thread.ts'
import { useThreadState } from './use-thread-state.ts'

type ThreadLineProps = { message: MessageView; tabIndex: number }

/** Under a message that was answered in a thread: who did, how often and when last; it leads there. */
export function ThreadLine({ message, tabIndex }: ThreadLineProps) {
  const { thread } = message
  return thread && hasThread(message) ? <Line thread={thread} tabIndex={tabIndex} /> : null
}

function Line({ thread, tabIndex }: { thread: ThreadRow; tabIndex: number }) {
  const { room_id, id } = thread
  const { unread } = useThreadState(room_id, id)
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      onClick={() => openThread(room_id, id)}
      className="no-tap-zoom transition-colour mt-0.5 mb-1 flex min-h-7 max-w-full items-center gap-2 rounded-control py-0.5 ps-0.5 pe-2 text-meta outline-offset-[-2px] hover:bg-raised max-wide:min-h-11"
    >
      <span aria-hidden className="flex shrink-0">
        {thread.users.map((user) => (
          <Avatar key={user.id} user={user} size={20} className="-me-1 shadow-[0_0_0_2px_var(--color-page)]" />
        ))}
      </span>
      <span className="figures ms-1 shrink-0 font-medium text-accent-text">
        {say('threads.count', { count: thread.message_count })}
      </span>
      <NewMark count={unread} />
      {thread.last_message_at !== null && (
        <span className="figures truncate text-soft">
          {say('threads.last', { time: sayTime(thread.last_message_at) })}
        </span>
      )}
    </button>
  )
}
