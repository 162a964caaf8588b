import { useEffect } from 'react'
import type { Refusal } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { say, sayFailure } from '../locales/words.ts'
import { toast } from '../ui/toast.tsx'

/** Says in passing what the server did not let one do: it was shown as done, and is back as it was. */
export function Refusals() {
  const { actions } = useClient()
  const refusals = useObservable(actions.refusals)
  useEffect(() => {
    for (const refusal of refusals) {
      toast(sayRefusal(refusal))
      actions.dismiss(refusal.id)
    }
  }, [actions, refusals])
  return null
}

function sayRefusal({ kind, failure }: Refusal): string {
  const reason = sayFailure(failure.code)
  if (kind === 'react') return say('refused.react', { reason })
  if (kind === 'pin') return say('refused.pin', { reason })
  if (kind === 'remove') return say('messages.delete.failed', { reason })
  return say('refused.other', { reason })
}
