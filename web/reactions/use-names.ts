import { useEffect, useState } from 'react'
import type { MessageView, ReactionView } from '@grandchat/client'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient, useMe } from '../client-context.tsx'
import { say, sayNames } from '../locales/words.ts'
import { givenName } from '../users/names.ts'

const shownNames = 3
const pauseMs = 120

/**
 * Who reacted, as "Ann, you and 3 others", fetched once somebody `looks`. Until then, and where it cannot be fetched,
 * undefined.
 */
export function useNames(message: MessageView, reaction: ReactionView, looks: boolean): string | undefined {
  const { reactions } = useClient()
  const me = useMe()
  const [found, setFound] = useState<{ version: number; users: readonly User[] }>()
  const { room_id: roomId, id } = message
  const { emoji, version } = reaction
  const isKnown = found?.version === version

  useEffect(() => {
    if (!looks || isKnown) return undefined
    let isWanted = true
    const keep = (all: readonly { emoji: string; users: readonly User[] }[]) => {
      if (isWanted) setFound({ version, users: all.find((one) => one.emoji === emoji)?.users ?? [] })
    }
    const timer = setTimeout(() => void reactions.users(roomId, id).then(keep, () => undefined), pauseMs)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [reactions, roomId, id, emoji, version, looks, isKnown])

  if (!found) return undefined
  // One's own reaction may be on its way, or on its way back.
  const others = found.users.filter((user) => user.id !== me.id)
  const names = [...(reaction.isMine ? [say('reactions.you')] : []), ...others.map(givenName)]
  const unnamed = reaction.count - names.length
  if (names.length === 0) return undefined
  if (unnamed <= 0 && names.length <= shownNames + 1) return sayNames(names, shownNames)
  return sayNames([...names, ...Array.from({ length: Math.max(0, unnamed) }, () => '')], shownNames)
}
