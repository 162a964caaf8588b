import { useRef, useState } from 'react'
import type { RefObject } from 'react'
import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { say } from '../locales/words.ts'
import { classes } from '../ui/classes.ts'
import { copyCode } from './copy-code.ts'
import { Highlighted } from './highlighted.tsx'

const foldedFrom = 24
const saidForMs = 1_600

/** Unfolded blocks by their key: the list forgets rows that scroll away, this does not. */
const unfolded = new Set<string>()

type CodeBlockProps = { id: string; language: string; text: string }

/** Code as it was typed: scrolls sideways inside its own box, and folds when it is long. */
export function CodeBlock({ id, language, text }: CodeBlockProps) {
  const [open, setOpen] = useState(() => unfolded.has(id))
  const code = useRef<HTMLElement>(null)
  const lines = countLines(text)
  const folds = lines > foldedFrom
  const toggle = () => {
    if (open) unfolded.delete(id)
    else unfolded.add(id)
    setOpen(!open)
  }
  return (
    <div className="group/code code-box">
      <pre
        dir="ltr"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways is scrolled by arrow keys
        tabIndex={0}
        aria-label={language === '' ? say('code.label') : say('code.label.language', { language })}
        data-folded={(folds && !open) || undefined}
      >
        <code ref={code}>
          <Highlighted text={text} language={language} />
        </code>
      </pre>
      <CopyButton text={text} code={code} />
      {folds && (
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="no-tap-zoom flex h-8 w-full items-center rounded-control px-3 text-meta font-medium text-accent-text hover:underline max-wide:h-11"
        >
          {open ? say('messages.less') : say('code.more', { count: lines })}
        </button>
      )}
    </div>
  )
}

function CopyButton({ text, code }: { text: string; code: RefObject<HTMLElement | null> }) {
  const [isDone, setIsDone] = useState(false)
  const copy = async () => {
    if (!(await copyCode(text, code.current))) return
    setIsDone(true)
    setTimeout(() => setIsDone(false), saidForMs)
  }
  const label = say(isDone ? 'code.copied' : 'code.copy')
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => void copy()}
      className={classes(
        'no-tap-zoom code-copy absolute end-1 top-1 flex size-7 items-center justify-center rounded-control bg-raised shadow-[inset_0_0_0_1px_var(--neutral-6)] hover:text-text max-wide:size-9',
        isDone ? 'text-success' : 'text-soft',
      )}
    >
      {isDone ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      <output className="sr-only">{isDone && say('code.copied')}</output>
    </button>
  )
}

function countLines(text: string): number {
  let lines = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
