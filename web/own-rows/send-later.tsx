import { Suspense, useState } from 'react'
import { lazyPart } from '../parts.ts'
import { ScheduleButton } from './schedule-button.tsx'

const ScheduleMenu = lazyPart(() => import('./schedule-menu.tsx'))

/** Who presses the button while the menu's code is on its way gets the menu as soon as it is here. */
export function SendLater({ onChosen }: { onChosen: (sendAt: Date) => void }) {
  const [wasPressed, setWasPressed] = useState(false)
  return (
    <Suspense fallback={<ScheduleButton onClick={() => setWasPressed(true)} />}>
      <ScheduleMenu opensAtOnce={wasPressed} onChosen={onChosen} />
    </Suspense>
  )
}
