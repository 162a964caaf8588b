import X from 'lucide-react/icons/x'
import Plus from 'lucide-react/icons/plus'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { tokenise, without } from './tokens.ts'

const keys = ['from', 'in', 'has', 'before', 'after'] as const

const labels = {
  from: 'search.filter.from',
  in: 'search.filter.in',
  has: 'search.filter.has',
  before: 'search.filter.before',
  after: 'search.filter.after',
} as const

const chip =
  'no-tap-zoom transition-colour flex h-7 max-w-full items-center gap-1 rounded-full px-2 text-meta max-wide:h-11 max-wide:px-3'

type FilterBarProps = { text: string; onChange: (text: string) => void; onAdd: (key: string) => void }

/** The filters in a search as chips to take away, and those that may be added. */
export function FilterBar({ text, onChange, onAdd }: FilterBarProps) {
  const { rooms } = useObservable(useClient().rooms.list)
  const tokens = tokenise(text).filter(({ key, value }) => key !== undefined && value !== '')
  const used = new Set(tokens.map(({ key }) => key))
  const nameOf = (value: string) => rooms.find(({ id }) => String(id) === value)?.title ?? value
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset is for a form
    <div role="group" aria-label={say('search.filters')} className="flex flex-wrap gap-1 px-5 pt-2.5 max-wide:px-4">
      {tokens.map((token) => {
        const label = `${token.key}: ${token.key === 'in' ? nameOf(token.value) : token.value}`
        return (
          <button
            key={token.start}
            type="button"
            aria-label={say('search.filter.remove', { filter: label })}
            onClick={() => onChange(without(text, token))}
            className={`${chip} bg-accent-soft font-medium text-accent-text hover:bg-chosen`}
          >
            <bdi className="truncate">{label}</bdi>
            <X size={12} aria-hidden className="shrink-0" />
          </button>
        )
      })}
      {keys
        .filter((key) => !used.has(key))
        .map((key) => (
          <button
            key={key}
            type="button"
            onClick={() => onAdd(key)}
            className={`${chip} text-soft shadow-[inset_0_0_0_1px_var(--color-line)] hover:bg-hover hover:text-text`}
          >
            <Plus size={12} aria-hidden className="shrink-0" />
            {say(labels[key])}
          </button>
        ))}
    </div>
  )
}
