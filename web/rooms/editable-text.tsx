import { useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import Pencil from 'lucide-react/icons/pencil'
import { countCodePoints, isVisible } from '@grandchat/contracts/text'
import { say, sayInside } from '../locales/words.ts'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { useSubmit } from '../ui/use-submit.ts'

type EditableTextProps = {
  label: string
  value: string
  /** What stands there while there is none. */
  empty?: string
  /** Code points. */
  max: number
  mayBeEmpty?: boolean
  canChange: boolean
  onSave: (value: string) => Promise<void>
}

/** A text under its label, changed where it stands. */
export function EditableText({ canChange, onSave, ...text }: EditableTextProps) {
  const [isEditing, setIsEditing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const { label, value, empty } = text
  const end = () => {
    setIsEditing(false)
    requestAnimationFrame(() => button.current?.focus())
  }
  if (isEditing) return <Editing {...text} onSave={onSave} onEnd={end} />
  return (
    <div className="flex items-start gap-2">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <h3 className="text-meta font-medium text-soft">{label}</h3>
        {value === '' ? (
          <p className="text-soft">{empty}</p>
        ) : (
          <p dir="auto" className="wrap-anywhere">
            {value}
          </p>
        )}
      </div>
      {canChange && (
        <IconButton
          ref={button}
          label={say('room.edit', { what: sayInside(label) })}
          onClick={() => setIsEditing(true)}
        >
          <Pencil size={16} aria-hidden />
        </IconButton>
      )}
    </div>
  )
}

type EditingProps = Omit<EditableTextProps, 'canChange'> & { onEnd: () => void }

function Editing({ label, value, max, mayBeEmpty = false, onSave, onEnd }: EditingProps) {
  const [text, setText] = useState(value)
  const check = (): Record<string, string> => {
    if (!mayBeEmpty && !isVisible(text)) return { value: say('create_room.name.missing') }
    return countCodePoints(text.trim()) > max ? { value: say('create_room.name.long', { max }) } : {}
  }
  const form = useSubmit(check, async () => {
    if (text.trim() !== value) await onSave(text)
    onEnd()
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isShortcut(event, 'give_up') || event.nativeEvent.isComposing) return
    // It gives up this alone, not the panel around it.
    event.preventDefault()
    onEnd()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape in the field gives up
    <form noValidate onSubmit={form.onSubmit} onKeyDown={onKeyDown} className="flex flex-col gap-2">
      <FormProblem text={form.whole} />
      <Field
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- who pressed the pencil wants to write
        autoFocus
        label={label}
        problem={form.problemAt('value') ?? form.problemAt('name') ?? form.problemAt('topic')}
        autoComplete="off"
        dir="auto"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="flex justify-end gap-2">
        <Button small onClick={onEnd}>
          {say('app.cancel')}
        </Button>
        <Button small type="submit" look="primary" busy={form.busy}>
          {say('app.save')}
        </Button>
      </div>
    </form>
  )
}
