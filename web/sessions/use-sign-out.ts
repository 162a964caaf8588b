import { useClient } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { problemOf } from '../locales/words.ts'
import { deleteNow } from '../messages/deleting.ts'
import { toast } from '../ui/toast.tsx'
import { countUnsent } from './count-unsent.ts'

/** Signs out, and asks first where messages would be lost. */
export function useSignOut(): () => void {
  const client = useClient()
  const openDialog = useOpenDialog()
  return () => {
    const unsent = countUnsent(client)
    if (unsent > 0) return openDialog({ name: 'sign-out', unsent })
    deleteNow()
    client.session.signOut().catch((error: unknown) => toast(problemOf(error).text))
  }
}
