import { useRef, useState } from 'react'
import type { ChangeEvent } from 'react'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient } from '../client-context.tsx'
import { problemOf, say } from '../locales/words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { cropPicture } from './crop-picture.ts'

/** One's own picture: chosen from a file, or taken away. */
export function PictureField({ user }: { user: User }) {
  const { me } = useClient()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  const change = async (make: () => Promise<Blob | null>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      const picture = await make().catch(() => undefined)
      if (picture === undefined) setProblem(say('picture.unreadable'))
      else await me.setAvatar(picture)
    } catch (error) {
      setProblem(problemOf(error).text)
    } finally {
      setBusy(false)
    }
  }
  const onFile = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0]
    // The same file may be chosen again.
    target.value = ''
    if (file) void change(() => cropPicture(file))
  }
  const hasPicture = (user.avatar ?? null) !== null
  return (
    <div className="flex items-center gap-4">
      <Avatar user={user} size={56} />
      <div className="flex flex-col gap-2">
        <div className="flex flex-wrap gap-2">
          <Button small busy={busy} onClick={() => input.current?.click()}>
            {say(hasPicture ? 'picture.change' : 'picture.add')}
          </Button>
          {hasPicture && (
            <Button small look="quiet" busy={busy} onClick={() => void change(async () => null)}>
              {say('picture.remove')}
            </Button>
          )}
        </div>
        <output className={problem === undefined ? 'text-meta text-soft' : 'text-meta text-danger-text'}>
          {problem ?? say('picture.hint')}
        </output>
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          aria-label={say('picture.add')}
          data-testid="picture"
          onChange={onFile}
        />
      </div>
    </div>
  )
}
