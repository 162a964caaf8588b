import { useState } from 'react'
import type { KeyboardEvent, ReactElement } from 'react'
import ALargeSmall from 'lucide-react/icons/a-large-small'
import Bold from 'lucide-react/icons/bold'
import Code from 'lucide-react/icons/code'
import Italic from 'lucide-react/icons/italic'
import LinkIcon from 'lucide-react/icons/link'
import List from 'lucide-react/icons/list'
import ListOrdered from 'lucide-react/icons/list-ordered'
import SquareCode from 'lucide-react/icons/square-code'
import Strikethrough from 'lucide-react/icons/strikethrough'
import TextQuote from 'lucide-react/icons/text-quote'
import { say } from '../locales/words.ts'
import { IconButton } from '../ui/button.tsx'
import { createSetting } from '../ui/setting.ts'
import { sayShortcut } from '../shortcuts/say-keys.ts'
import { formats } from './format.ts'
import type { Format } from './format.ts'

/** Whether the buttons stand above the field, on this device. */
export const formatBar = createSetting<'shown' | 'hidden'>({
  key: 'format-bar',
  parse: (stored) => (stored === 'shown' ? stored : undefined),
  initial: 'hidden',
  apply: () => undefined,
})

const size = 16
const icons: Record<Format['name'], ReactElement> = {
  bold: <Bold size={size} />,
  italic: <Italic size={size} />,
  strike: <Strikethrough size={size} />,
  link: <LinkIcon size={size} />,
  numbers: <ListOrdered size={size} />,
  bullets: <List size={size} />,
  quote: <TextQuote size={size} />,
  code: <Code size={size} />,
  fence: <SquareCode size={size} />,
}

/** Buttons for those who do not know the marks. One stop of the Tab key; arrows move along. */
export function FormatBar({ onFormat }: { onFormat: (format: Format) => void }) {
  const [current, setCurrent] = useState(0)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl'
    const step = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = (current + step + formats.length) % formats.length
    setCurrent(next)
    event.currentTarget.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div
      role="toolbar"
      tabIndex={-1}
      aria-label={say('format.bar')}
      onKeyDown={onKeyDown}
      className="-mx-1 flex flex-wrap gap-0.5 border-b border-hairline pb-1 outline-none"
    >
      {formats.map((format, index) => (
        <button
          key={format.name}
          type="button"
          aria-label={say(format.label)}
          title={`${say(format.label)} (${sayShortcut(format.name)})`}
          tabIndex={index === current ? 0 : -1}
          onFocus={() => setCurrent(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onFormat(format)}
          className="no-tap-zoom flex size-7 items-center justify-center rounded-control text-soft hover:bg-hover hover:text-text max-wide:size-9"
        >
          {icons[format.name]}
        </button>
      ))}
    </div>
  )
}

/** Shows the buttons, or puts them away. */
export function FormatButton({ isShown }: { isShown: boolean }) {
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
