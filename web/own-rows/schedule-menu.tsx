import { useState } from 'react'
import CalendarClock from 'lucide-react/icons/calendar-clock'
import Clock from 'lucide-react/icons/clock'
import Sunrise from 'lucide-react/icons/sunrise'
import CalendarDays from 'lucide-react/icons/calendar-days'
import { useOpenDialog } from '../dialogs.tsx'
import { sayClock } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import type { PressedBy } from '../ui/pressed-by.ts'
import { inOneHour, mondayMorning, tomorrowMorning } from './later.ts'
import { ScheduleButton } from './schedule-button.tsx'

type ScheduleMenuProps = { wasPressed: PressedBy | undefined; onChosen: (sendAt: Date) => void }

/** Times at which people mean to be heard. */
export default function ScheduleMenu({ wasPressed, onChosen }: ScheduleMenuProps) {
  const openDialog = useOpenDialog()
  const [openedAt] = useState(() => new Date())
  const [tomorrow, monday] = [tomorrowMorning(openedAt), mondayMorning(openedAt)]
  return (
    <Menu trigger={<ScheduleButton />} side="top" align="end" wasPressed={wasPressed}>
      <MenuItem icon={<Clock size={16} />} onClick={() => onChosen(inOneHour(new Date()))}>
        {say('scheduled.hour')}
      </MenuItem>
      <MenuItem icon={<Sunrise size={16} />} onClick={() => onChosen(tomorrow)}>
        {say('scheduled.tomorrow', { time: sayClock(tomorrow) })}
      </MenuItem>
      <MenuItem icon={<CalendarDays size={16} />} onClick={() => onChosen(monday)}>
        {say('scheduled.monday', { time: sayClock(monday) })}
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={<CalendarClock size={16} />}
        onClick={() => openDialog({ name: 'schedule', content: undefined, sendAt: inOneHour(new Date()), onChosen })}
      >
        {say('scheduled.choose')}
      </MenuItem>
    </Menu>
  )
}
