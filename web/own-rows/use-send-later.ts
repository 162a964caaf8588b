import { useClient } from '../client-context.tsx'
import { sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { toast } from '../ui/toast.tsx'

type Where = { threadId?: number; replyTo?: number }

/** Has a message sent when its time has come, and says where it waits. */
export function useSendLater(roomId: number) {
  const { scheduled } = useClient()
  return (content: string, sendAt: Date, { threadId, replyTo }: Where) => {
    scheduled.add({ room_id: roomId, content, send_at: sendAt, thread_id: threadId, reply_to: replyTo })
    toast(say('scheduled.done', { time: sayTime(sendAt.toISOString()) }), {
      label: say('scheduled.show'),
      run: () => navigate(paths.scheduled),
    })
  }
}
