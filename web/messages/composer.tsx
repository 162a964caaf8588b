import { Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ClipboardEvent, FormEvent, KeyboardEvent, ReactNode } from 'react'
import ALargeSmall from 'lucide-react/icons/a-large-small'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Smile from 'lucide-react/icons/smile'
import { limits } from '@grandchat/contracts/limits'
import { checkContent } from '@grandchat/contracts/messages/content'
import { countCodePoints } from '@grandchat/contracts/text'
import { applyEdit, selectionOf } from '../composer/apply-edit.ts'
import { continueLine, isInFence } from '../composer/edit.ts'
import { FormatBar, formatBar } from '../composer/format-bar.tsx'
import { formatOf, sayKeys } from '../composer/format.ts'
import { improvePaste, readPasted } from '../composer/paste.ts'
import { splitText } from '../composer/split.ts'
import { SuggestionList } from '../composer/suggestion-list.tsx'
import { useCompletion } from '../composer/use-completion.ts'
import { say } from '../locales/words.ts'
import { lazyPart } from '../parts.ts'
import { useTyping } from '../typing/use-typing.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { useArrivalFocus } from '../ui/use-arrival-focus.ts'
import { getDraft, keepDraft } from './drafts.ts'

const EmojiPicker = lazyPart(() => import('../emoji/emoji-picker.tsx'))

const counterFrom = 400
const longestNamed = 32

type ComposerProps = {
  roomId: number
  roomName: string
  onSend: (text: string) => void
  /** What stands above the field, such as the message that is answered. */
  above?: ReactNode
  /** The arrow up in an empty field: to change what one said last. */
  onEditLast?: () => void
}

/** Where one writes. Grows with the text; keeps the focus; remembers a draft for each room. */
export function Composer({ roomId, roomName, onSend, above, onEditLast }: ComposerProps) {
  const [text, setText] = useState(() => getDraft(roomId))
  const [isCode, setIsCode] = useState(false)
  const type = useTyping(roomId)
  const input = useRef<HTMLTextAreaElement>(null)
  const completion = useCompletion(roomId, input)
  const hasBar = formatBar.use() === 'shown'

  useArrivalFocus(input)
  useLayoutEffect(() => fit(input.current))
  useEffect(() => keepDraft(roomId, text), [roomId, text])

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
    const field = event.currentTarget
    const format = formatOf(event)
    if (format) applyEdit(field, format.make(selectionOf(field)))
    else if (event.key === 'ArrowUp' && text === '' && onEditLast && !hasModifier(event)) onEditLast()
    else if (event.key !== 'Enter' || !handleEnter(event, field, send)) return
    event.preventDefault()
  }
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const field = event.currentTarget
    const pasted = readPasted(event.clipboardData)
    const selection = selectionOf(field)
    const edit = improvePaste(selection, pasted)
    if (!edit) return
    event.preventDefault()
    const plain = pasted.text.replaceAll('\r\n', '\n')
    const { start, end } = selection
    // Plainly first: undo takes back what we made of it, and only then the paste.
    if (start === end || plain.includes('\n')) {
      applyEdit(field, { from: start, to: end, text: plain, select: [start, start + plain.length] })
    }
    applyEdit(field, edit)
  }

  return (
    <form
      onSubmit={send}
      className="relative mx-auto w-full max-w-(--column-width) shrink-0 px-5 pt-2 pb-[max(1.25rem,var(--safe-bottom))] max-wide:px-3 max-wide:pb-[max(0.75rem,var(--safe-bottom))]"
    >
      {above}
      <div className="transition-colour relative rounded-card bg-raised p-1.5 ps-3.5 shadow-[inset_0_0_0_1px_var(--color-edge)] focus-within:shadow-[inset_0_0_0_1.5px_var(--color-accent)]">
        {completion.suggestions && (
          <SuggestionList
            id={completion.id}
            suggestions={completion.suggestions}
            active={completion.active}
            onPick={completion.pick}
            onPoint={completion.point}
          />
        )}
        {hasBar && (
          <FormatBar
            onFormat={(format) => input.current && applyEdit(input.current, format.make(selectionOf(input.current)))}
          />
        )}
        <div className="flex items-end gap-1">
          <textarea
            ref={input}
            rows={1}
            dir="auto"
            name="message"
            autoComplete="off"
            enterKeyHint={isCode ? 'enter' : 'send'}
            aria-label={say('composer.label', { room: roomName })}
            aria-describedby="composer-note"
            aria-invalid={problem !== undefined || undefined}
            {...completion.aria}
            placeholder={say('composer.placeholder', { room: shorten(roomName) })}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              type(event.target.value)
              look()
            }}
            onSelect={look}
            onBlur={completion.close}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            className="max-h-[40dvh] min-w-0 flex-1 resize-none bg-transparent py-1.25 text-start text-body outline-none placeholder:truncate max-wide:py-2.75 max-wide:text-[1rem]"
          />
          <FormatButton isShown={hasBar} />
          <EmojiButton onPick={(emoji) => input.current && insertAtCaret(input.current, emoji)} />
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
      <ComposerNote text={text} problem={problem} onSplit={sendParts} />
      <output className="sr-only">
        {completion.suggestions && say('complete.count', { count: completion.suggestions.length })}
      </output>
      {text !== '' && (
        <p
          aria-hidden
          className="absolute end-6 bottom-0.5 hidden text-tiny text-soft select-none wide:[@media(hover:hover)]:block"
        >
          {isCode ? say('composer.hint.code', { keys: sayKeys('Enter') }) : say('composer.hint')}
        </p>
      )}
    </form>
  )
}

/** Whether Enter did something of ours: sent, or went on with a list. A new line is the browser's to make. */
function handleEnter(event: KeyboardEvent, field: HTMLTextAreaElement, send: () => void): boolean {
  if (event.altKey) return false
  if (event.shiftKey) {
    const edit = continueLine(selectionOf(field))
    if (edit) applyEdit(field, edit)
    return edit !== undefined
  }
  const isForced = event.ctrlKey || event.metaKey
  if (!isForced && isInFence(field.value, field.selectionStart)) return false
  send()
  return true
}

function hasModifier(event: KeyboardEvent): boolean {
  return event.shiftKey || event.ctrlKey || event.metaKey || event.altKey
}

function insertAtCaret(field: HTMLTextAreaElement, text: string): void {
  const { start, end } = selectionOf(field)
  const caret = start + text.length
  applyEdit(field, { from: start, to: end, text, select: [caret, caret] })
}

function FormatButton({ isShown }: { isShown: boolean }) {
  return (
    <IconButton
      label={say(isShown ? 'composer.format.hide' : 'composer.format')}
      aria-pressed={isShown}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => formatBar.set(isShown ? 'hidden' : 'shown')}
      className="max-wide:hidden"
    >
      <ALargeSmall size={18} aria-hidden />
    </IconButton>
  )
}

function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const [opener, setOpener] = useState<Element>()
  return (
    <>
      <IconButton
        label={say('composer.emoji')}
        aria-haspopup="dialog"
        aria-expanded={opener !== undefined}
        onClick={(event) => setOpener(event.currentTarget)}
      >
        <Smile size={18} aria-hidden />
      </IconButton>
      {opener && (
        <Suspense>
          <EmojiPicker
            anchor={opener}
            onClose={() => setOpener(undefined)}
            onPick={(emoji) => {
              setOpener(undefined)
              onPick(emoji)
            }}
          />
        </Suspense>
      )}
    </>
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

type ComposerNoteProps = { text: string; problem: string | undefined; onSplit: () => void }

function ComposerNote({ text, problem, onSplit }: ComposerNoteProps) {
  const over = lengthOver(text)
  const left = over <= 0 && over >= -counterFrom ? say('composer.left', { count: -over }) : undefined
  const note = problem ?? left
  return (
    <div className={classes('flex items-center justify-end gap-2', note !== undefined && 'pt-1.5')}>
      <p
        id="composer-note"
        aria-live="polite"
        className={classes('figures text-end text-meta', problem === undefined ? 'text-soft' : 'text-danger-text')}
      >
        {note}
      </p>
      {over > 0 && (
        <Button small onClick={onSplit}>
          {say('composer.split', { count: splitText(text).length })}
        </Button>
      )}
    </div>
  )
}

function fit(textarea: HTMLTextAreaElement | null): void {
  if (!textarea) return
  textarea.style.blockSize = 'auto'
  textarea.style.blockSize = `${textarea.scrollHeight}px`
}
