import { useEffect, useState } from 'react'
import type { EarlierText, MessageView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { problemOf, say } from '../locales/words.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { MessageText } from './message-text.tsx'

/** What a message said before it was changed, the latest first. */
export default function EditsDialog({ message, onClosed }: { message: MessageView; onClosed: () => void }) {
  return (
    <Dialog title={say('messages.edits.title')} text={say('messages.edits.text')} onClosed={onClosed}>
      {() => <Texts message={message} />}
    </Dialog>
  )
}

function Texts({ message }: { message: MessageView }) {
  const { messages } = useClient()
  const [found, setFound] = useState<{ texts: readonly EarlierText[] } | { problem: string }>()
  const { room_id: roomId, id } = message
  useEffect(() => {
    let isWanted = true
    messages.edits(roomId, id).then(
      (texts) => isWanted && setFound({ texts: texts.toReversed() }),
      (error: unknown) => isWanted && setFound({ problem: problemOf(error).text }),
    )
    return () => {
      isWanted = false
    }
  }, [messages, roomId, id])

  if (!found) {
    return (
      <Loading className="appears-late flex flex-col gap-2">
        <Skeleton className="h-3 w-24" />
        <Skeleton className="h-3 w-3/4" />
      </Loading>
    )
  }
  if ('problem' in found) return <p role="alert">{found.problem}</p>
  return (
    <ol className="flex max-h-[50dvh] flex-col gap-4 overflow-y-auto">
      <Text content={message.content} created_at={message.edited_at ?? message.created_at} isNow />
      {found.texts.map((text, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the past does not change its order
        <Text key={index} {...text} />
      ))}
    </ol>
  )
}

function Text({ content, created_at, isNow = false }: EarlierText & { isNow?: boolean }) {
  return (
    <li>
      <p className="text-meta text-soft">
        <time dateTime={created_at} title={sayExactTime(created_at)} className="figures">
          {sayTime(created_at)}
        </time>
        {isNow && ` · ${say('messages.edits.now')}`}
      </p>
      <MessageText text={content} id={`earlier:${created_at}`} />
    </li>
  )
}
