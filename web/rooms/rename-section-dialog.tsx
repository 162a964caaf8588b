import { useState } from 'react'
import type { SectionView } from '@grandchat/client'
import { limits } from '@grandchat/contracts/limits'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

export default function RenameSectionDialog({ section, onClosed }: { section: SectionView; onClosed: () => void }) {
  const { sections } = useClient()
  const [name, setName] = useState(section.name)
  return (
    <Dialog title={say('sections.rename')} onClosed={onClosed}>
      {(close) => (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim() === '') return
            sections.rename(section.id, name)
            close()
          }}
        >
          <Field
            label={say('sections.name')}
            value={name}
            maxLength={limits.sectionName}
            onChange={(event) => setName(event.target.value)}
          />
          <DialogActions>
            <Button onClick={close}>{say('app.cancel')}</Button>
            <Button type="submit" look="primary" aria-disabled={name.trim() === ''}>
              {say('sections.rename.action')}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  )
}
