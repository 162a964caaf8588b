import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { useSubmit } from '../ui/use-submit.ts'

/** Asked only when signing out would lose words. */
export default function SignOutDialog({ unsent, onClosed }: { unsent: number; onClosed: () => void }) {
  const client = useClient()
  const form = useSubmit(
    () => ({}),
    () => client.session.signOut(),
  )
  return (
    <Dialog
      title={say('session.sign_out.unsent.title')}
      text={say('session.sign_out.unsent.text', { count: unsent })}
      onClosed={onClosed}
    >
      {(close) => (
        <form onSubmit={form.onSubmit}>
          <FormProblem text={form.whole} />
          <DialogActions>
            <Button onClick={close}>{say('session.sign_out.unsent.stay')}</Button>
            <Button type="submit" look="danger" busy={form.busy}>
              {say('session.sign_out.unsent.action')}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  )
}
