import { navigate, paths } from '../router.tsx'
import { isNarrow } from '../rooms/side-panel.tsx'

/** Shows a thread beside its room; on small screens as a page, which the back gesture closes. */
export function openThread(roomId: number, threadId: number): void {
  navigate(paths.thread(roomId, threadId), { replace: !isNarrow() })
}
