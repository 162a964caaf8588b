import { createContext, Suspense, useContext, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import type { MessageView, RoomView, SectionView } from '@grandchat/client'
import { lazyPart } from './parts.ts'
import { isFocusLost } from './ui/use-kept-focus.ts'

const CreateRoomDialog = lazyPart(() => import('./rooms/create-room-dialog.tsx'))
const LeaveRoomDialog = lazyPart(() => import('./rooms/leave-room-dialog.tsx'))
const NewMessageDialog = lazyPart(() => import('./rooms/new-message-dialog.tsx'))
const AddPeopleDialog = lazyPart(() => import('./memberships/add-people-dialog.tsx'))
const PlaceRoomDialog = lazyPart(() => import('./rooms/place-room-dialog.tsx'))
const RenameSectionDialog = lazyPart(() => import('./rooms/rename-section-dialog.tsx'))
const ScheduleDialog = lazyPart(() => import('./own-rows/schedule-dialog.tsx'))
const InviteDialog = lazyPart(() => import('./invites/invite-dialog.tsx'))
const CreateAccountDialog = lazyPart(() => import('./users/create-account-dialog.tsx'))
const UnsentDialog = lazyPart(() => import('./messages/unsent-dialog.tsx'))
const ForwardDialog = lazyPart(() => import('./messages/forward-dialog.tsx'))
const EditsDialog = lazyPart(() => import('./messages/edits-dialog.tsx'))
const StatusDialog = lazyPart(() => import('./users/status-dialog.tsx'))
const SignOutDialog = lazyPart(() => import('./sessions/sign-out-dialog.tsx'))
const KeysDialog = lazyPart(() => import('./shortcuts/keys-dialog.tsx'))
const SwitcherDialog = lazyPart(() => import('./search/switcher-dialog.tsx'))

/** Every dialog of the app. Their code is fetched when the first one opens. */
type Dialog =
  | { name: 'create-room'; roomName?: string }
  | { name: 'leave-room'; room: RoomView }
  | { name: 'new-message' }
  | { name: 'add-people'; room: RoomView }
  | { name: 'place-room'; room: RoomView }
  | { name: 'rename-section'; section: SectionView }
  | {
      name: 'schedule'
      content: string | undefined
      sendAt: Date
      onChosen: (sendAt: Date, content: string) => void
    }
  | { name: 'invite' }
  | { name: 'create-account' }
  | { name: 'unsent' }
  | { name: 'forward'; message: MessageView }
  | { name: 'edits'; message: MessageView }
  | { name: 'status' }
  | { name: 'sign-out'; unsent: number }
  | { name: 'keys' }
  | { name: 'switcher' }

export type OpenDialog = (dialog: Dialog) => void

const OpenDialogContext = createContext<OpenDialog>(() => undefined)

export function useOpenDialog(): OpenDialog {
  return useContext(OpenDialogContext)
}

export function DialogsProvider({ children }: { children: ReactNode }) {
  const [dialog, setDialog] = useState<Dialog>()
  const [count, setCount] = useState(0)
  const open = useMemo(
    () => (next: Dialog) => {
      setDialog(next)
      setCount((n) => n + 1)
    },
    [],
  )
  const closed = () => {
    setDialog(undefined)
    // What opened it may be gone, as after leaving a room.
    requestAnimationFrame(() => isFocusLost() && document.getElementById('main')?.focus())
  }
  return (
    <OpenDialogContext.Provider value={open}>
      {children}
      <Suspense>{dialog && <Opened key={count} dialog={dialog} onClosed={closed} />}</Suspense>
    </OpenDialogContext.Provider>
  )
}

function Opened({ dialog, onClosed }: { dialog: Dialog; onClosed: () => void }) {
  switch (dialog.name) {
    case 'create-room':
      return <CreateRoomDialog roomName={dialog.roomName ?? ''} onClosed={onClosed} />
    case 'leave-room':
      return <LeaveRoomDialog room={dialog.room} onClosed={onClosed} />
    case 'new-message':
      return <NewMessageDialog onClosed={onClosed} />
    case 'add-people':
      return <AddPeopleDialog room={dialog.room} onClosed={onClosed} />
    case 'place-room':
      return <PlaceRoomDialog room={dialog.room} onClosed={onClosed} />
    case 'rename-section':
      return <RenameSectionDialog section={dialog.section} onClosed={onClosed} />
    case 'schedule':
      return (
        <ScheduleDialog
          content={dialog.content}
          sendAt={dialog.sendAt}
          onChosen={dialog.onChosen}
          onClosed={onClosed}
        />
      )
    case 'invite':
      return <InviteDialog onClosed={onClosed} />
    case 'create-account':
      return <CreateAccountDialog onClosed={onClosed} />
    case 'unsent':
      return <UnsentDialog onClosed={onClosed} />
    case 'forward':
      return <ForwardDialog message={dialog.message} onClosed={onClosed} />
    case 'edits':
      return <EditsDialog message={dialog.message} onClosed={onClosed} />
    case 'keys':
      return <KeysDialog onClosed={onClosed} />
    case 'switcher':
      return <SwitcherDialog onClosed={onClosed} />
    case 'status':
      return <StatusDialog onClosed={onClosed} />
    case 'sign-out':
  }
  return <SignOutDialog unsent={dialog.unsent} onClosed={onClosed} />
}
