import { Suspense, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import type { User } from '@grandchat/contracts/users/schema'
import { lazyPart } from '../parts.ts'
import { say } from '../locales/words.ts'
import { displayName } from './names.ts'

const PersonCard = lazyPart(() => import('./person-card.tsx'))

type PersonButtonProps = {
  user: User
  tabIndex?: number
  /** Its place among others of a list that arrow keys go through. */
  roving?: { 'data-roving': string; tabIndex: number }
  className?: string
  isHidden?: boolean
  children: ReactNode
}

/** A name or a picture that opens the card of its person. `isHidden`: the same stands beside it for whoever listens. */
export function PersonButton({ user, tabIndex, roving, className, isHidden = false, children }: PersonButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <button
        ref={button}
        type="button"
        tabIndex={tabIndex}
        {...roving}
        aria-hidden={isHidden || undefined}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        title={say('person.open', { name: displayName(user) })}
        onClick={() => setIsOpen(!isOpen)}
        className={className}
      >
        {children}
      </button>
      {isOpen && (
        <Suspense>
          <PersonCard user={user} anchor={button} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
