import '../locales/account-words.ts'
import { Suspense, useState } from 'react'
import Smile from 'lucide-react/icons/smile'
import { limits } from '@grandchat/contracts/limits'
import type { Status } from '@grandchat/contracts/users/profile'
import { countCodePoints } from '@grandchat/contracts/text'
import { useClient, useMe } from '../client-context.tsx'
import { sayTime } from '../locales/times.ts'
import { problemOf, say } from '../locales/words.ts'
import { lazyPart } from '../parts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { Select } from '../ui/select.tsx'
import { toast } from '../ui/toast.tsx'
import { useSubmit } from '../ui/use-submit.ts'
import { type End, endChoices, endOf, presets } from './status-choices.ts'
import { useProfile } from './use-profile.ts'

const EmojiPicker = lazyPart(() => import('../emoji/emoji-picker.tsx'))

/** What one is up to, in a few presses. */
export default function StatusDialog({ onClosed }: { onClosed: () => void }) {
  const status = useProfile(useMe().id)?.status ?? null
  return (
    <Dialog title={say('status.title')} text={say('status.text')} onClosed={onClosed}>
      {(close) => <StatusForm status={status} onDone={close} />}
    </Dialog>
  )
}

function StatusForm({ status, onDone }: { status: Status | null; onDone: () => void }) {
  const { me } = useClient()
  const [emoji, setEmoji] = useState(status?.emoji ?? '')
  const [text, setText] = useState(status?.text ?? '')
  // What was set before keeps its end unless another is chosen.
  const [end, setEnd] = useState<End | 'kept'>(status?.until ? 'kept' : 'never')
  const form = useSubmit(
    () => check(text),
    async () => {
      const until = end === 'kept' ? (status?.until ?? null) : endOf(end)
      await me.change({ status: emoji === '' && text.trim() === '' ? null : { emoji, text, until } })
      onDone()
    },
  )
  const clear = () => {
    me.change({ status: null }).then(onDone, (error: unknown) => toast(problemOf(error).text))
  }
  const choices = [
    ...(status?.until ? [{ value: 'kept' as const, label: say('status.until', { time: sayTime(status.until) }) }] : []),
    ...endChoices(),
  ]
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-4">
      <FormProblem text={form.whole} />
      <div className="flex items-end gap-2">
        <EmojiButton emoji={emoji} onPick={setEmoji} />
        <Field
          className="flex-1"
          label={say('status.field')}
          problem={form.problemAt('status.text')}
          dir="auto"
          autoComplete="off"
          maxLength={limits.statusText * 2}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <fieldset className="flex flex-wrap gap-1.5">
        <legend className="sr-only">{say('status.presets')}</legend>
        {presets.map((preset) => (
          <Button
            key={preset.words}
            small
            onClick={() => {
              setEmoji(preset.emoji)
              setText(say(preset.words))
              setEnd(preset.end)
            }}
          >
            <span aria-hidden>{preset.emoji}</span>
            {say(preset.words)}
          </Button>
        ))}
      </fieldset>
      <Select label={say('status.end')} value={end} choices={choices} onChange={setEnd} />
      <DialogActions>
        {status && (
          <Button className="me-auto" onClick={clear}>
            {say('status.clear')}
          </Button>
        )}
        <Button onClick={onDone}>{say('app.cancel')}</Button>
        <Button type="submit" look="primary" busy={form.busy}>
          {say('app.save')}
        </Button>
      </DialogActions>
    </form>
  )
}

function check(text: string): Record<string, string> {
  if (countCodePoints(text.trim()) <= limits.statusText) return {}
  return { 'status.text': say('status.long') }
}

function EmojiButton({ emoji, onPick }: { emoji: string; onPick: (emoji: string) => void }) {
  /** What it stands beside, while it is open. */
  const [anchor, setAnchor] = useState<Element>()
  return (
    <>
      <button
        type="button"
        aria-label={emoji === '' ? say('status.emoji') : say('status.emoji.change', { emoji })}
        aria-expanded={anchor !== undefined}
        onClick={(event) => setAnchor(event.currentTarget)}
        className="no-tap-zoom transition-colour flex size-10 shrink-0 items-center justify-center rounded-control bg-raised text-title shadow-[inset_0_0_0_1px_var(--color-edge)] hover:bg-hover max-wide:size-11"
      >
        {emoji === '' ? <Smile size={18} aria-hidden className="text-soft" /> : emoji}
      </button>
      {anchor && (
        <Suspense>
          <EmojiPicker
            anchor={anchor}
            onPick={(picked) => {
              onPick(picked)
              setAnchor(undefined)
            }}
            onClose={() => setAnchor(undefined)}
          />
        </Suspense>
      )}
    </>
  )
}
