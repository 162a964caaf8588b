import LinkIcon from 'lucide-react/icons/link'
import type { Me } from '@grandchat/contracts/sessions/schema'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { displayName } from '../users/names.ts'

/** Somebody with an account follows an invite link, most often their own to see whether it works. */
export default function SignedInAlready({ me }: { me: Me }) {
  return (
    <main className="flex min-h-dvh bg-side">
      <Empty
        alone
        icon={<LinkIcon size={32} strokeWidth={1.5} />}
        title={say('invite.already.title')}
        text={say('invite.already.text', { name: displayName(me) })}
      >
        <Button look="primary" onClick={() => navigate(paths.home, { replace: true })}>
          {say('invite.already.action')}
        </Button>
      </Empty>
    </main>
  )
}
