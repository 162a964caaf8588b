import { Suspense, useState } from 'react'
import { lazyPart } from '../parts.ts'
import { type PressedBy, pressedBy } from '../ui/pressed-by.ts'
import { ScheduleButton } from './schedule-button.tsx'

const ScheduleMenu = lazyPart(() => import('./schedule-menu.tsx'))

/** Who presses the button while the menu's code is on its way gets the menu as soon as it is here. */
export function SendLater({ onChosen }: { onChosen: (sendAt: Date) => void }) {
  const [wasPressed, setWasPressed] = useState<PressedBy>()
  return (
    <Suspense fallback={<ScheduleButton onClick={(event) => setWasPressed(pressedBy(event))} />}>
      <ScheduleMenu wasPressed={wasPressed} onChosen={onChosen} />
    </Suspense>
  )
}
