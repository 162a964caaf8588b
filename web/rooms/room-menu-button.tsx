import type { ButtonHTMLAttributes, Ref } from 'react'
import Ellipsis from 'lucide-react/icons/ellipsis'
import { say } from '../locales/words.ts'
import { IconButton } from '../ui/button.tsx'

type RoomMenuButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> }

export function RoomMenuButton(props: RoomMenuButtonProps) {
  return (
    <IconButton {...props} label={say('room.menu')}>
      <Ellipsis size={18} aria-hidden />
    </IconButton>
  )
}
