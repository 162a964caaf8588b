import { createContext, useContext } from 'react'
import { createCell, useCell } from '../ui/cell.ts'
import type { Cell } from '../ui/cell.ts'

/** What can be open about a message: its menu (a sheet on small screens), the choice of reactions, every emoji, who has it. */
export type Popup = 'menu' | 'reactions' | 'emoji' | 'seen'

/** Which rows of a conversation are pointed at, by their keys. */
export type Pointing = {
  /** Under the pointer, or tapped. */
  hovered?: string | undefined
  /** Holds the focus: the one stop of the Tab key among the messages. */
  focused?: string | undefined
  popup?: { key: string; name: Popup } | undefined
  /** Just jumped to. */
  flashed?: string | undefined
}

/** What rows and their parts ask of the conversation around them; never replaced by another while it is shown. */
export type ConversationActs = {
  pointing: Cell<Pointing>
  /** Goes to a message of the room, loaded or not. */
  jumpTo: (messageId: number) => void
  /** Gives a row the focus; the list itself if the row is gone. */
  focusRow: (key: string) => void
  /** The thread that it is, by the message that it hangs from; undefined for a room's own conversation. */
  threadId?: number
  /** Messages that are shown where one does not write: what is beyond them, and around them. An answer is written in the room. */
  outside?: { goPast: (step: 1 | -1) => void; leave: () => void }
}

const idle: ConversationActs = { pointing: createCell({}), jumpTo: () => undefined, focusRow: () => undefined }
const ConversationContext = createContext(idle)
export const ConversationProvider = ConversationContext.Provider

export function useConversation(): ConversationActs {
  return useContext(ConversationContext)
}

export function pointAt({ pointing }: ConversationActs, change: Partial<Pointing>): void {
  const before = pointing.get()
  const isSame = (Object.keys(change) as (keyof Pointing)[]).every((key) => Object.is(before[key], change[key]))
  if (!isSame) pointing.set({ ...before, ...change })
}

/** Whether a row is worked with: then it shows what can be done with it. What is open holds the place. */
export function useIsActive(key: string): boolean {
  const { pointing } = useConversation()
  return useCell(pointing, ({ hovered, focused, popup }) => {
    return popup ? popup.key === key : hovered === key || (hovered === undefined && focused === key)
  })
}

export function useIsFocused(key: string): boolean {
  return useCell(useConversation().pointing, ({ focused }) => focused === key)
}

export function useIsFlashed(key: string): boolean {
  return useCell(useConversation().pointing, ({ flashed }) => flashed === key)
}

export function usePopup(key: string): Popup | undefined {
  return useCell(useConversation().pointing, ({ popup }) => (popup?.key === key ? popup.name : undefined))
}
