import type { ReactElement } from 'react'
import Car from 'lucide-react/icons/car'
import Clock from 'lucide-react/icons/clock'
import Flag from 'lucide-react/icons/flag'
import Hand from 'lucide-react/icons/hand'
import Heart from 'lucide-react/icons/heart'
import Leaf from 'lucide-react/icons/leaf'
import Lightbulb from 'lucide-react/icons/lightbulb'
import Search from 'lucide-react/icons/search'
import Smile from 'lucide-react/icons/smile'
import Utensils from 'lucide-react/icons/utensils'
import Volleyball from 'lucide-react/icons/volleyball'
import { say } from '../locales/words.ts'
import type { Group } from './groups.ts'

const size = 17
const icons: Record<string, ReactElement> = {
  recent: <Clock size={size} />,
  '0': <Smile size={size} />,
  '1': <Hand size={size} />,
  '3': <Leaf size={size} />,
  '4': <Utensils size={size} />,
  '5': <Car size={size} />,
  '6': <Volleyball size={size} />,
  '7': <Lightbulb size={size} />,
  '8': <Heart size={size} />,
  '9': <Flag size={size} />,
}

/** Leads to the kinds of emoji further down. */
export function GroupBar({ groups, onChoose }: { groups: readonly Group[]; onChoose: (key: string) => void }) {
  return (
    <fieldset aria-label={say('emoji.groups')} className="flex justify-between border-b border-hairline px-2 pb-1">
      {groups.map(({ key, label }) => (
        <button
          key={key}
          type="button"
          aria-label={say(label)}
          title={say(label)}
          onClick={() => onChoose(key)}
          className="no-tap-zoom flex h-8 max-w-11 min-w-0 flex-1 items-center max-wide:h-10 justify-center rounded-control text-soft hover:bg-hover hover:text-text"
        >
          {icons[key] ?? <Search size={size} />}
        </button>
      ))}
    </fieldset>
  )
}
