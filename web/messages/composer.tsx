import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import ArrowUp from 'lucide-react/icons/arrow-up'
import { limits } from '@grandchat/contracts/limits'
import { checkContent } from '@grandchat/contracts/messages/content'
import { countCodePoints } from '@grandchat/contracts/text'
import { say } from '../locales/words.ts'
import { useTyping } from '../typing/use-typing.ts'
import { classes } from '../ui/classes.ts'
import { useArrivalFocus } from '../ui/use-arrival-focus.ts'
import { getDraft, keepDraft } from './drafts.ts'

const counterFrom = 400
const longestNamed = 32

type ComposerProps = { roomId: number; roomName: string; onSend: (text: string) => void }

/** Where one writes. Grows with the text; keeps the focus; remembers a draft for each room. */
export function Composer({ roomId, roomName, onSend }: ComposerProps) {
  const [text, setText] = useState(() => getDraft(roomId))
  const type = useTyping(roomId)
  const input = useRef<HTMLTextAreaElement>(null)

  useArrivalFocus(input)
  useLayoutEffect(() => fit(input.current))
  useEffect(() => keepDraft(roomId, text), [roomId, text])

  const problem = problemOf(text)
  const canSend = problem === undefined && text.trim() !== ''

  const send = (event?: FormEvent) => {
    event?.preventDefault()
    input.current?.focus()
    if (!canSend || 'problem' in checkContent(text)) return
    onSend(text)
    setText('')
    type('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return
    // Enter that chooses a word in an input method is not ours; Safari tells it by the key code alone.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    event.preventDefault()
    send()
  }

  return (
    <form
      onSubmit={send}
      className="relative mx-auto w-full max-w-(--column-width) shrink-0 px-5 pt-2 pb-[max(1.25rem,var(--safe-bottom))] max-wide:px-3 max-wide:pb-[max(0.75rem,var(--safe-bottom))]"
    >
      <div className="transition-colour flex items-end gap-1 rounded-card bg-raised p-1.5 ps-3.5 shadow-[inset_0_0_0_1px_var(--color-edge)] focus-within:shadow-[inset_0_0_0_1.5px_var(--color-accent)]">
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          name="message"
          autoComplete="off"
          enterKeyHint="send"
          aria-label={say('composer.label', { room: roomName })}
          aria-describedby="composer-note"
          aria-invalid={problem !== undefined || undefined}
          placeholder={say('composer.placeholder', { room: shorten(roomName) })}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            type(event.target.value)
          }}
          onKeyDown={onKeyDown}
          className="max-h-[40dvh] min-w-0 flex-1 resize-none bg-transparent py-1.25 text-start text-body outline-none placeholder:truncate max-wide:py-2.75 max-wide:text-[1rem]"
        />
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
      <ComposerNote text={text} problem={problem} />
      {text !== '' && (
        <p
          aria-hidden
          className="absolute end-6 bottom-0.5 hidden text-tiny text-soft select-none wide:[@media(hover:hover)]:block"
        >
          {say('composer.hint')}
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

/** What keeps the text from being sent, other than that there is none. */
function problemOf(text: string): string | undefined {
  if (text.trim() === '') return undefined
  const over = lengthOver(text)
  if (over > 0) return say('composer.over', { count: over })
  const checked = checkContent(text)
  return 'problem' in checked ? say('composer.unprintable') : undefined
}

function lengthOver(text: string): number {
  // Two units make one character at most: no need to count far below the limit.
  if (text.length <= limits.messageContent - counterFrom) return -counterFrom - 1
  return countCodePoints(text.replaceAll('\r\n', '\n').trim()) - limits.messageContent
}

function ComposerNote({ text, problem }: { text: string; problem: string | undefined }) {
  const over = lengthOver(text)
  const left = over <= 0 && over >= -counterFrom ? say('composer.left', { count: -over }) : undefined
  const note = problem ?? left
  return (
    <p
      id="composer-note"
      aria-live="polite"
      className={classes(
        'figures text-end text-meta',
        note !== undefined && 'pt-1.5',
        problem === undefined ? 'text-soft' : 'text-danger-text',
      )}
    >
      {note}
    </p>
  )
}

function fit(textarea: HTMLTextAreaElement | null): void {
  if (!textarea) return
  textarea.style.blockSize = 'auto'
  textarea.style.blockSize = `${textarea.scrollHeight}px`
}
