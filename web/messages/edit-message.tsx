import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import type { MessageView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { CompletionList } from '../composer/completion-list.tsx'
import { handleKey, handlePaste } from '../composer/keys.ts'
import { problemOf } from '../composer/problem.ts'
import { useCompletion } from '../composer/use-completion.ts'
import { useFit } from '../composer/use-fit.ts'
import { say } from '../locales/words.ts'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { deleteSoon } from './deleting.ts'
import { endEdit, keepEdit } from './editing.ts'
import { focusComposer } from './focus-composer.ts'
import { useConversation } from './pointing.ts'

type EditMessageProps = { itemKey: string; message: MessageView; text: string }

/** A message as a field, in its place. Emptied, it is deleted: which can be undone for a moment. */
export function EditMessage({ itemKey, message, text }: EditMessageProps) {
  const client = useClient()
  const conversation = useConversation()
  const { pointing, focusRow } = conversation
  // Whoever came by the keyboard is among the messages; others go on writing.
  const [cameFromRow] = useState(() => pointing.get().focused === itemKey)
  const input = useRef<HTMLTextAreaElement>(null)
  const completion = useCompletion(message.room_id, input)
  useEffect(() => startWriting(input.current), [])
  useFit(input)

  const problem = problemOf(text)
  const finish = () => {
    endEdit(message.id)
    if (cameFromRow) focusRow(itemKey)
    else focusComposer(conversation)
  }
  const save = () => {
    if (problem !== undefined) return
    if (text.trim() === '') deleteSoon(client, message)
    else if (text.trim() !== message.content) client.messages.edit(message.room_id, message.id, text)
    finish()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // What the list does with keys is for its messages, and Enter that chooses a word is the input method's.
    event.stopPropagation()
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (completion.onKey(event)) return
    if (isShortcut(event, 'give_up')) finish()
    else if (!handleKey(event, save)) return
    event.preventDefault()
  }
  return (
    <div className="relative my-1 rounded-card bg-raised p-2 shadow-[inset_0_0_0_1px_var(--color-edge)] focus-within:shadow-[inset_0_0_0_1.5px_var(--color-accent)]">
      <CompletionList completion={completion} />
      <textarea
        ref={input}
        rows={1}
        dir="auto"
        autoComplete="off"
        enterKeyHint="done"
        aria-label={say('messages.edit.label')}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={problem === undefined ? undefined : `edit-${message.id}`}
        {...completion.aria}
        value={text}
        onChange={(event) => {
          keepEdit(message.id, event.target.value)
          completion.look()
        }}
        // What ends in a name was finished when it was written: nothing is offered before somebody writes.
        onSelect={(event) => event.currentTarget.value !== message.content && completion.look()}
        onBlur={completion.close}
        onKeyDown={onKeyDown}
        onPaste={handlePaste}
        className="block max-h-[40dvh] w-full resize-none bg-transparent px-1.5 text-start text-body outline-none max-wide:text-[1rem]"
      />
      <div className="mt-1.5 flex flex-wrap items-center justify-end gap-2">
        <p
          id={`edit-${message.id}`}
          className={`me-auto px-1.5 text-tiny ${problem === undefined ? 'text-soft [@media(hover:none)]:hidden' : 'text-danger-text'}`}
        >
          {problem ?? say('messages.edit.hint')}
        </p>
        <Button small look="quiet" onClick={finish}>
          {say('app.cancel')}
        </Button>
        <Button small look="primary" aria-disabled={problem !== undefined} onClick={save}>
          {say(text.trim() === '' ? 'messages.delete' : 'messages.edit.save')}
        </Button>
      </div>
    </div>
  )
}

/** The cursor stands behind what is there. */
function startWriting(input: HTMLTextAreaElement | null): void {
  input?.focus({ preventScroll: true })
  input?.setSelectionRange(input.value.length, input.value.length)
  input?.scrollIntoView?.({ block: 'nearest' })
}
