import type { ButtonHTMLAttributes, Ref } from 'react'
import CalendarClock from 'lucide-react/icons/calendar-clock'
import { say } from '../locales/words.ts'
import { IconButton } from '../ui/button.tsx'

type ScheduleButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> }

export function ScheduleButton(props: ScheduleButtonProps) {
  return (
    <IconButton {...props} label={say('scheduled.menu')}>
      <CalendarClock size={16} aria-hidden />
    </IconButton>
  )
}
