import Reply from 'lucide-react/icons/reply'
import X from 'lucide-react/icons/x'
import { say } from '../locales/words.ts'
import { IconButton } from '../ui/button.tsx'
import { displayName } from '../users/names.ts'
import { focusComposer } from './focus-composer.ts'
import { endReply } from './replies.ts'
import { useMessage } from './use-message.ts'
import { usePreview } from './use-preview.ts'

/** Above the composer: what one is about to answer. */
export function ReplyBar({ roomId, messageId }: { roomId: number; messageId: number }) {
  const message = useMessage(roomId, messageId)
  const text = usePreview(typeof message === 'object' ? message.content : '')
  const cancel = () => {
    endReply(roomId)
    focusComposer()
  }
  return (
    <div className="pb-1.5">
      <div className="appears flex min-h-9 items-center gap-2 rounded-card bg-hover ps-3 pe-1 text-meta text-soft">
        <Reply size={14} aria-hidden className="shrink-0 rtl:-scale-x-100" />
        <output className="flex min-w-0 flex-1 gap-1.5">
          {typeof message === 'object' ? (
            <>
              <bdi className="max-w-[60%] shrink-0 truncate font-medium text-strong">
                {say('messages.replying', { name: displayName(message.user) })}
              </bdi>
              <span dir="auto" className="min-w-0 truncate text-start">
                {text}
              </span>
            </>
          ) : (
            message === 'gone' && say('messages.quote.gone')
          )}
        </output>
        <IconButton
          label={say('messages.replying.cancel')}
          data-tip-at="above"
          className="max-wide:-my-1"
          onClick={cancel}
        >
          <X size={16} aria-hidden />
        </IconButton>
      </div>
    </div>
  )
}
