import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { classes } from '../ui/classes.ts'

export type OptionProps = { id: string; isActive: boolean; onOpen: () => void; onPoint: () => void }

type OptionBoxProps = OptionProps & { messageId?: number; className: string; children: ReactNode }

/** One line of a combobox's list; its field keeps the focus and the keys. */
export function OptionBox({ id, isActive, onOpen, onPoint, messageId, className, children }: OptionBoxProps) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView({ block: 'nearest' })
  }, [isActive])
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are the combobox's
    <div
      ref={element}
      id={id}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an <option> may hold nothing but text
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      data-message-id={messageId}
      onClick={onOpen}
      onMouseMove={isActive ? undefined : onPoint}
      className={classes('flex cursor-pointer rounded-control aria-selected:bg-chosen', className)}
    >
      {children}
    </div>
  )
}
