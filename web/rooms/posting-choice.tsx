import Megaphone from 'lucide-react/icons/megaphone'
import MessagesSquare from 'lucide-react/icons/messages-square'
import type { Posting } from '@grandchat/contracts/rooms/schema'
import { say } from '../locales/words.ts'
import { KindChoice } from './kind-choice.tsx'

/** Who may write in a room. */
export function PostingChoice({ value, onChange }: { value: Posting; onChange: (posting: Posting) => void }) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-meta font-medium">{say('room.posting')}</legend>
      <KindChoice
        name="posting"
        icon={<MessagesSquare size={18} aria-hidden />}
        title={say('room.posting.all')}
        text={say('room.posting.all.text')}
        checked={value === 'all'}
        onChoose={() => onChange('all')}
      />
      <KindChoice
        name="posting"
        icon={<Megaphone size={18} aria-hidden />}
        title={say('room.posting.admins')}
        text={say('room.posting.admins.text')}
        checked={value === 'admins'}
        onChoose={() => onChange('admins')}
      />
    </fieldset>
  )
}
