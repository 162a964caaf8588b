import { Suspense, useState } from 'react'
import Smile from 'lucide-react/icons/smile'
import { say } from '../locales/words.ts'
import { lazyPart } from '../parts.ts'
import { IconButton } from '../ui/button.tsx'

const EmojiPicker = lazyPart(() => import('../emoji/emoji-picker.tsx'))

export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
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
