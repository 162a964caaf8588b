import { useState } from 'react'
import Unplug from 'lucide-react/icons/unplug'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'

/** Nobody answered at start, and there is nothing of an earlier visit to show. */
export function Unreachable() {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const tryAgain = () => {
    setBusy(true)
    void client.session.start().finally(() => setBusy(false))
  }
  return (
    <main className="flex min-h-dvh bg-side">
      <Empty
        alone
        icon={<Unplug size={32} strokeWidth={1.5} />}
        title={say('session.unreachable.title')}
        text={say('session.unreachable.text')}
      >
        <Button look="primary" busy={busy} onClick={tryAgain}>
          {say('app.try_again')}
        </Button>
      </Empty>
    </main>
  )
}
