import CloudOff from 'lucide-react/icons/cloud-off'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import Timer from 'lucide-react/icons/timer'
import { useClient, useObservable } from '../client-context.tsx'
import { explainConnection } from './connection-words.ts'

/** Above the composer while something is wrong, where whoever writes will look. */
export function ConnectionNotice() {
  const state = useObservable(useClient().connection)
  const text = explainConnection(state)
  if (text === undefined) return null
  const Icon = state === 'offline' ? CloudOff : state === 'polling' ? Timer : RefreshCw
  return (
    <p className="appears-late mx-auto flex w-full max-w-(--column-width) items-center gap-2 px-5 pb-2 text-meta text-soft max-wide:px-4">
      <Icon size={14} aria-hidden className="shrink-0" />
      {text}
    </p>
  )
}
