import { useId, useRef, useState } from 'react'
import type { FormEvent, KeyboardEvent, ReactNode } from 'react'
import ArrowUp from 'lucide-react/icons/arrow-up'
import { checkContent } from '@grandchat/contracts/messages/content'
import { applyEdit, insertAtCaret, selectionOf } from '../composer/apply-edit.ts'
import { CompletionList } from '../composer/completion-list.tsx'
import { ComposerNote } from '../composer/composer-note.tsx'
import { isInFence } from '../composer/edit.ts'
import { EmojiButton } from '../composer/emoji-button.tsx'
import { FormatBar, FormatButton, formatBar } from '../composer/format-bar.tsx'
import { handleKey, handlePaste } from '../composer/keys.ts'
import { problemOf } from '../composer/problem.ts'
import { splitText } from '../composer/split.ts'
import { useCompletion } from '../composer/use-completion.ts'
import { useFit } from '../composer/use-fit.ts'
import { say } from '../locales/words.ts'
import { SendLater } from '../own-rows/send-later.tsx'
import { useTyping } from '../typing/use-typing.ts'
import { sayShortcut } from '../shortcuts/say-keys.ts'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { classes } from '../ui/classes.ts'
import { useArrivalFocus } from '../ui/use-arrival-focus.ts'
import { useDraft } from './drafts.ts'
import { fieldName } from './focus-composer.ts'

const longestNamed = 32

type ComposerProps = {
  roomId: number
  roomName: string
  /** The thread that it writes in; else it is the room itself. */
  threadId?: number
  onSend: (text: string) => void
  /** What is sent when its time has come; undefined where that cannot be. */
  onSchedule?: (text: string, sendAt: Date) => void
  /** What stands above the field, such as the message that is answered. */
  above?: ReactNode
  /** The arrow up in an empty field: to change what one said last. */
  onEditLast?: () => void
}

/** Where one writes. Grows with the text; keeps the focus; keeps a draft for each room and thread. */
export function Composer({ roomId, roomName, threadId, onSend, onSchedule, above, onEditLast }: ComposerProps) {
  const [isCode, setIsCode] = useState(false)
  const type = useTyping(roomId, threadId)
  const noteId = useId()
  const input = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useDraft(roomId, input, threadId)
  const completion = useCompletion(roomId, input)
  const hasBar = formatBar.use() === 'shown'

  useArrivalFocus(input)
  useFit(input)

  const isThread = threadId !== undefined
  const label = isThread ? say('threads.write') : say('composer.label', { room: roomName })
  const placeholder = isThread ? label : say('composer.placeholder', { room: shorten(roomName) })
  const problem = problemOf(text)
  const canSend = problem === undefined && text.trim() !== ''

  const clear = () => {
    setText('')
    type('')
    completion.close()
    input.current?.focus()
  }
  const send = (event?: FormEvent) => {
    event?.preventDefault()
    input.current?.focus()
    if (!canSend || 'problem' in checkContent(text)) return
    onSend(text)
    clear()
  }
  const schedule = (sendAt: Date) => {
    onSchedule?.(text, sendAt)
    clear()
  }
  const sendParts = () => {
    const parts = splitText(text)
    if (parts.some((part) => 'problem' in checkContent(part))) return
    for (const part of parts) onSend(part)
    clear()
  }
  const look = () => {
    completion.look()
    setIsCode(input.current !== null && isInFence(input.current.value, input.current.selectionStart))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Keys that choose a word in an input method are not ours; Safari tells it by the key code alone.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (completion.onKey(event)) return
    if (isShortcut(event, 'edit_last') && text === '' && onEditLast) onEditLast()
    else if (!handleKey(event, send)) return
    event.preventDefault()
  }
  return (
    <form
      onSubmit={send}
      className="relative mx-auto w-full max-w-(--column-width) shrink-0 px-5 pt-2 pb-[max(1.25rem,var(--safe-bottom))] max-wide:px-3 max-wide:pb-[max(0.75rem,var(--safe-bottom))]"
    >
      {above}
      <div className="transition-colour relative rounded-card bg-raised p-1.5 ps-3.5 shadow-[inset_0_0_0_1px_var(--color-edge)] focus-within:shadow-[inset_0_0_0_1.5px_var(--color-accent)]">
        <CompletionList completion={completion} />
        {hasBar && (
          <FormatBar
            onFormat={(format) => input.current && applyEdit(input.current, format.make(selectionOf(input.current)))}
          />
        )}
        <div
          className={classes(
            'group/field flex items-end justify-end gap-1 max-wide:data-tall:flex-wrap',
            isThread && 'narrow data-tall:flex-wrap',
          )}
        >
          <textarea
            ref={input}
            rows={1}
            dir="auto"
            name={fieldName(threadId)}
            autoComplete="off"
            enterKeyHint={isCode ? 'enter' : 'send'}
            aria-label={label}
            aria-describedby={noteId}
            aria-invalid={problem !== undefined || undefined}
            {...completion.aria}
            placeholder={placeholder}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              type(event.target.value)
              look()
            }}
            onSelect={look}
            onBlur={completion.close}
            onKeyDown={onKeyDown}
            onPaste={handlePaste}
            className="max-h-[40dvh] min-w-0 flex-1 resize-none bg-transparent py-1.25 text-start text-body outline-none placeholder:truncate group-[.narrow]/field:group-data-tall/field:basis-full max-wide:py-2.75 max-wide:text-[1rem] max-wide:group-data-tall/field:basis-full"
          />
          <FormatButton isShown={hasBar} />
          <EmojiButton onPick={(emoji) => input.current && insertAtCaret(input.current, emoji)} />
          {onSchedule && canSend && <SendLater onChosen={schedule} />}
          <button
            type="submit"
            aria-label={say('composer.send')}
            aria-disabled={!canSend}
            // Pressing the button must not close the keyboard of a phone.
            onPointerDown={(event) => event.preventDefault()}
            className={classes(
              'no-tap-zoom transition-colour flex size-8 shrink-0 items-center justify-center rounded-control max-wide:size-11',
              canSend ? 'bg-accent text-on-accent hover:bg-accent-strong' : 'text-faint',
            )}
          >
            <ArrowUp size={18} aria-hidden />
          </button>
        </div>
      </div>
      <ComposerNote id={noteId} text={text} problem={problem} onSplit={sendParts} />
      {text !== '' && (
        <p
          aria-hidden
          className="absolute end-6 bottom-0.5 hidden text-tiny text-soft select-none wide:[@media(hover:hover)]:block"
        >
          {isCode ? say('composer.hint.code', { keys: sayShortcut('send_code') }) : say('composer.hint')}
        </p>
      )}
    </form>
  )
}

/** A placeholder cannot end in an ellipsis by itself. */
function shorten(name: string): string {
  const characters = Array.from(name)
  return characters.length > longestNamed ? `${characters.slice(0, longestNamed).join('').trimEnd()}…` : name
}
