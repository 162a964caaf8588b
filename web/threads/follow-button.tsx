import Bell from 'lucide-react/icons/bell'
import BellOff from 'lucide-react/icons/bell-off'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { IconButton } from '../ui/button.tsx'
import { useThreadState } from './use-thread-state.ts'

/** Whether one hears of what is said in a thread. */
export function FollowButton({ roomId, threadId }: { roomId: number; threadId: number }) {
  const { threads } = useClient()
  const { isFollowing } = useThreadState(roomId, threadId)
  const Icon = isFollowing ? Bell : BellOff
  return (
    <IconButton
      label={say(isFollowing ? 'threads.unfollow' : 'threads.follow')}
      onClick={() => threads.setFollowing(roomId, threadId, !isFollowing)}
    >
      <Icon size={16} aria-hidden />
    </IconButton>
  )
}
