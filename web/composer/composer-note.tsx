import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { counterFrom, lengthOver } from './problem.ts'
import { splitText } from './split.ts'

type ComposerNoteProps = { id: string; text: string; problem: string | undefined; onSplit: () => void }

/** What is to be known of the length of a text, and what can be done where it is too long. */
export function ComposerNote({ id, text, problem, onSplit }: ComposerNoteProps) {
  const over = lengthOver(text)
  const left = over <= 0 && over >= -counterFrom ? say('composer.left', { count: -over }) : undefined
  const note = problem ?? left
  return (
    <div className={classes('flex items-center justify-end gap-2', note !== undefined && 'pt-1.5')}>
      <p
        id={id}
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
