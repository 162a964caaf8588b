import { useEffect } from 'react'
import { useClient } from '../client-context.tsx'

/** What is written is stored on this device. Where a browser stores nothing, closing the page would lose it. */
export function useAskBeforeClosing(): void {
  const { messages } = useClient()
  useEffect(() => {
    const ask = (event: Event) => {
      const wouldBeLost = messages.unsent.get().some(({ isKept }) => !isKept)
      if (wouldBeLost) event.preventDefault()
    }
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [messages])
}
