import { useState } from 'react'
import { checkContent } from '@grandchat/contracts/messages/content'
import { ownTimeZone } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { toField } from './later.ts'

type ScheduleDialogProps = {
  /** To be changed with the time; undefined where it stands elsewhere. */
  content: string | undefined
  sendAt: Date
  onChosen: (sendAt: Date, content: string) => void
  onClosed: () => void
}

/** When a message is to be sent. */
export default function ScheduleDialog({ content, sendAt, onChosen, onClosed }: ScheduleDialogProps) {
  const isNew = content === undefined
  return (
    <Dialog title={say(isNew ? 'scheduled.dialog.new' : 'scheduled.dialog.change')} onClosed={onClosed}>
      {(close) => (
        <ScheduleForm
          content={content}
          sendAt={sendAt}
          onCancel={close}
          onChosen={(at, text) => {
            onChosen(at, text)
            close()
          }}
        />
      )}
    </Dialog>
  )
}

type ScheduleFormProps = Pick<ScheduleDialogProps, 'content' | 'sendAt' | 'onChosen'> & { onCancel: () => void }

function ScheduleForm({ content, sendAt, onChosen, onCancel }: ScheduleFormProps) {
  const [text, setText] = useState(content ?? '')
  const [time, setTime] = useState(() => toField(sendAt))
  const [isLate, setIsLate] = useState(false)
  const [earliest] = useState(() => toField(new Date()))
  const isReady = time !== '' && (content === undefined || !('problem' in checkContent(text)))
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        const at = new Date(time)
        if (!isReady || Number.isNaN(at.getTime())) return
        if (at.getTime() <= Date.now()) return setIsLate(true)
        onChosen(at, text)
      }}
    >
      {content !== undefined && (
        <label className="flex flex-col gap-1.5 text-meta font-medium">
          {say('scheduled.dialog.content')}
          <textarea
            dir="auto"
            rows={4}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="resize-y rounded-control bg-raised px-3 py-2 text-start text-body font-normal shadow-[inset_0_0_0_1px_var(--color-edge)] max-wide:text-[1rem]"
          />
        </label>
      )}
      <Field
        type="datetime-local"
        label={say('scheduled.dialog.time')}
        hint={say('scheduled.dialog.zone', { zone: ownTimeZone() })}
        problem={isLate ? say('scheduled.dialog.past') : undefined}
        value={time}
        min={earliest}
        onChange={(event) => {
          setTime(event.target.value)
          setIsLate(false)
        }}
      />
      <DialogActions>
        <Button onClick={onCancel}>{say('app.cancel')}</Button>
        <Button type="submit" look="primary" aria-disabled={!isReady}>
          {say(content === undefined ? 'scheduled.dialog.action' : 'scheduled.dialog.save')}
        </Button>
      </DialogActions>
    </form>
  )
}
