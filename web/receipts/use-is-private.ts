import { useMemo } from 'react'
import { useClient, useObservable } from '../client-context.tsx'

/** Whether the viewer keeps their reading to themselves; then they are not shown that of others. */
export function useIsPrivate(): boolean {
  const { settings } = useClient()
  return useObservable(useMemo(() => settings.get('read_receipts'), [settings])) === 'off'
}
