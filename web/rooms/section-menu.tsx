import Ellipsis from 'lucide-react/icons/ellipsis'
import Pencil from 'lucide-react/icons/pencil'
import Trash2 from 'lucide-react/icons/trash-2'
import type { RoomView, SectionView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { toast } from '../ui/toast.tsx'

/** What can be done with a section of one's own. Its rooms stay whatever becomes of it. */
export default function SectionMenu({ section, rooms }: { section: SectionView; rooms: readonly RoomView[] }) {
  const { sections } = useClient()
  const openDialog = useOpenDialog()
  const remove = () => {
    sections.remove(section.id)
    toast(say('sections.removed', { name: section.name }), {
      label: say('app.undo'),
      run() {
        const id = sections.create(section.name)
        for (const room of rooms) sections.place(room.id, id)
      },
    })
  }
  return (
    <Menu
      side="bottom"
      align="end"
      trigger={
        <IconButton
          label={say('sections.menu', { name: section.name })}
          className="size-7! max-wide:size-11! [@media(hover:hover)]:not-focus-visible:not-group-hover:not-aria-expanded:opacity-0"
        >
          <Ellipsis size={16} aria-hidden />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil size={16} />} onClick={() => openDialog({ name: 'rename-section', section })}>
        {say('sections.rename')}
      </MenuItem>
      <MenuItem icon={<Trash2 size={16} />} danger onClick={remove}>
        {say('sections.remove')}
      </MenuItem>
    </Menu>
  )
}
