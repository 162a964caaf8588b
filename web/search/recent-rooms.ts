import { useEffect } from 'react'
import type { Route } from '../router.tsx'
import { createSetting } from '../ui/setting.ts'

const most = 12

const kept = createSetting<string>({
  key: 'recent-rooms',
  parse: (stored) => stored,
  initial: '',
  apply: () => undefined,
})

/** Rooms that were open on this device, the last first. */
export const recentRooms = (): number[] => kept.get().split(' ').map(Number).filter(Boolean)

export function useRememberRoom(route: Route): void {
  const roomId = route.name === 'room' ? route.roomId : undefined
  useEffect(() => {
    if (roomId === undefined) return
    kept.set([roomId, ...recentRooms().filter((id) => id !== roomId)].slice(0, most).join(' '))
  }, [roomId])
}

export function forgetRecentRooms(): void {
  kept.set('')
}
