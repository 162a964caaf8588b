import { useState } from 'react'
import { say } from '../locales/words.ts'
import { classes } from '../ui/classes.ts'
import { skinTone } from './skin-tone.ts'

const tones = [
  { tone: 0, label: 'emoji.tone.0', hand: '✋' },
  { tone: 1, label: 'emoji.tone.1', hand: '✋🏻' },
  { tone: 2, label: 'emoji.tone.2', hand: '✋🏼' },
  { tone: 3, label: 'emoji.tone.3', hand: '✋🏽' },
  { tone: 4, label: 'emoji.tone.4', hand: '✋🏾' },
  { tone: 5, label: 'emoji.tone.5', hand: '✋🏿' },
] as const

/** The skin tone of all emoji that have one; shows its six choices when pressed. */
export function ToneChoice() {
  const [isOpen, setIsOpen] = useState(false)
  const tone = skinTone.use()
  const chosen = tones.find((each) => each.tone === tone) ?? tones[0]
  if (!isOpen) {
    return (
      <button
        type="button"
        aria-label={`${say('emoji.tone')}: ${say(chosen.label)}`}
        title={say('emoji.tone')}
        aria-expanded={false}
        onClick={() => setIsOpen(true)}
        className="no-tap-zoom flex size-8 items-center justify-center rounded-control text-[1.125rem] hover:bg-hover max-wide:size-11"
      >
        {chosen.hand}
      </button>
    )
  }
  const choose = (next: number) => {
    skinTone.set(next)
    setIsOpen(false)
  }
  return (
    <div role="radiogroup" aria-label={say('emoji.tone')} className="flex">
      {tones.map(({ tone: each, label, hand }) => (
        <label key={each} title={say(label)} className="relative flex">
          <input
            type="radio"
            name="skin-tone"
            aria-label={say(label)}
            checked={each === tone}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus made way for this
            autoFocus={each === tone}
            onChange={() => skinTone.set(each)}
            onClick={(event) => event.detail > 0 && choose(each)}
            onKeyDown={(event) => event.key === 'Enter' && choose(each)}
            className="peer absolute inset-0 opacity-0"
          />
          <span
            className={classes(
              'flex size-8 items-center justify-center rounded-control text-[1.125rem] peer-focus-visible:outline-2 peer-focus-visible:outline-accent peer-checked:bg-chosen hover:bg-hover max-wide:size-10',
            )}
          >
            {hand}
          </span>
        </label>
      ))}
    </div>
  )
}
