import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useClient, useObservable } from '../client-context.tsx'

/**
 * What is being written in a room or thread, kept on all devices. What another device writes is taken over here, but not
 * from under somebody who is writing.
 */
export function useDraft(
  roomId: number,
  field: RefObject<HTMLElement | null>,
  threadId?: number,
): [text: string, setText: (text: string) => void] {
  const { drafts } = useClient()
  const draft = useMemo(() => drafts.get(roomId, threadId), [drafts, roomId, threadId])
  const known = useObservable(draft)
  const [text, setText] = useState(known)
  const isTouched = useRef(false)

  useEffect(() => {
    const isWriting = isTouched.current && document.activeElement === field.current
    if (!isWriting) setText(known)
  }, [known, field])
  useEffect(() => {
    const element = field.current
    const onBlur = () => {
      isTouched.current = false
      setText(draft.get())
    }
    element?.addEventListener('blur', onBlur)
    return () => element?.removeEventListener('blur', onBlur)
  }, [draft, field])

  const write = (next: string) => {
    isTouched.current = true
    setText(next)
    drafts.set(roomId, next, threadId)
  }
  return [text, write]
}
