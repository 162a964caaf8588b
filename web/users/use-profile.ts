import { useMemo } from 'react'
import type { Profile } from '@grandchat/contracts/users/profile'
import { useClient, useObservable } from '../client-context.tsx'

/** Somebody with what they say about themselves; undefined until it is known. */
export function useProfile(userId: number): Profile | undefined {
  const { users } = useClient()
  return useObservable(useMemo(() => users.profile(userId), [users, userId]))
}
