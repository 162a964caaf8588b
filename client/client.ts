import type { ErrorCode } from '@grandchat/contracts/errors'
import type { Member } from '@grandchat/contracts/memberships/schema'
import type { Forwarded, MessageRow } from '@grandchat/contracts/messages/schema'
import type {
  Draft,
  Placement,
  SavedMessage,
  ScheduledMessage,
  Section,
  SettingName,
  Settings,
} from '@grandchat/contracts/own-rows/kinds'
import type { ReactionRow } from '@grandchat/contracts/reactions/schema'
import type { SeenBy } from '@grandchat/contracts/receipts/schema'
import type { DiscoveredRoom, MemberRole, NewRoom, OwnRoom, RoomUpdate } from '@grandchat/contracts/rooms/schema'
import type { Me, SessionRow } from '@grandchat/contracts/sessions/schema'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import type { Profile, ProfileChange } from '@grandchat/contracts/users/profile'
import type { Invite, InviteState, User } from '@grandchat/contracts/users/schema'
import type { RoomSearchOptions } from './rooms/requests.ts'
import type { Observable } from './observable.ts'
import type { SearchMethods } from './search/search.ts'

/** Who is using this client. `set_up`: the installation waits for its owner. */
export type SessionState =
  | { status: 'loading' }
  | { status: 'unreachable' }
  | { status: 'set_up'; codeRequired: boolean }
  | { status: 'signed_out' }
  | { status: 'signed_in'; me: Me }

/**
 * How changes reach this client, as a person understands it. `live`: the socket is up. `polling`: the server answers but
 * the socket does not; everything works, new messages come with a delay. `reconnecting`: neither, and we are trying.
 * `offline`: the device says that it has no network.
 */
export type ConnectionState = 'connecting' | 'live' | 'polling' | 'reconnecting' | 'offline'

/**
 * A room in the viewer's list. `unread` is `last_seq - read_seq`, never below zero. `title` is what it is called on their
 * screen: a direct room has no name but those of the others in it.
 */
export type RoomView = OwnRoom & { unread: number; title: string }

/** The list of own rooms, newest `bumped_at` first. `loading` only until it was seen once. */
export type RoomList = { status: 'loading' | 'ready' | 'error'; rooms: readonly RoomView[] }

/** Why a send did not go through; `message` is for logs, the screen chooses its words by `code`. */
export type SendFailure = { code: ErrorCode | 'network'; message: string }

/** A message of one's own on its way: shown at once, replaced by its row through `client_message_id`. */
export type PendingMessage = {
  client_message_id: string
  room_id: number
  /** 0 in the room's own timeline. */
  thread_id: number
  content: string
  user: User
  reply_to: number | null
  forwarded: Forwarded | null
  /** When it was written, on this device's clock (RFC 3339). */
  created_at: string
  /** `waiting`: will be retried by itself. `failed`: refused for good; retry or discard. */
  state: 'sending' | 'waiting' | 'failed'
  failure?: SendFailure
  /** It is stored on this device, so closing the tab does not lose it. */
  isKept: boolean
}

/** All who reacted with one emoji, the viewer as they want it. */
export type ReactionView = ReactionRow & { isMine: boolean }

/** What the viewer changes of a message, not confirmed yet. An edit that was refused stays, for its text. */
export type MessageChange = {
  kind: 'edit' | 'remove'
  state: 'sending' | 'waiting' | 'failed'
  failure?: SendFailure
  /** Of a removal that `keep` takes back, unless it is just being sent: it is held for that, or does not get through. */
  undoable?: 'held' | 'stuck'
}

/** A message as it is shown: with what hangs on it, and as the viewer wants it before the server has confirmed that. */
export type MessageView = MessageRow & {
  /** Nobody's are left out; in an order that does not change when people react. */
  reactions: readonly ReactionView[]
  isPinned: boolean
  /** The thread that hangs from it. */
  thread: ThreadRow | undefined
  change: MessageChange | undefined
}

/** What is on screen of a room: its loaded run of messages, oldest first, then what is pending. */
export type Timeline = {
  status: 'loading' | 'ready' | 'error' | 'gone'
  messages: readonly MessageView[]
  pending: readonly PendingMessage[]
  hasOlder: boolean
  loadingOlder: boolean
  /** The last attempt to load older messages failed. */
  olderFailed: boolean
  /** The run does not reach the newest message: it was opened at an earlier one. */
  hasNewer: boolean
  loadingNewer: boolean
  newerFailed: boolean
  /** The message that the run was opened at. */
  target: number | null
  /** Where the reader was when the room was opened: the divider of new messages stands after this seq; null if none. */
  dividerAfterSeq: number | null
}

/** Whether the viewer follows a thread, and how many messages of it are new to them. */
export type ThreadState = { isFollowing: boolean; unread: number }

export type FollowedView = ThreadRow & { unread: number }

/** `hasOlder`: there are others, written in last before these. */
export type FollowedList = {
  status: 'loading' | 'ready' | 'error'
  threads: readonly FollowedView[]
  hasOlder: boolean
}

/** A message that mentions the viewer, in a room or in a thread. */
export type MentionView = MessageRow & { isUnread: boolean }

/** `hasOlder`: there are older ones. `hasFailed`: what was asked for last could not be had; it is tried again. */
export type MentionList = {
  status: 'loading' | 'ready' | 'error'
  messages: readonly MentionView[]
  hasOlder: boolean
  hasFailed: boolean
}

/** The pinned messages of a room, the last pinned first. */
export type PinList = { status: 'loading' | 'ready' | 'error'; messages: readonly MessageView[] }

/** A text that a message had, and since when. */
export type EarlierText = { content: string; created_at: string }

/** What the server did not let the viewer do; it is shown again as it was before. */
export type Refusal = { id: string; kind: string; key: string; failure: SendFailure }

export type MemberList = { status: 'loading' | 'ready' | 'error'; members: readonly Member[] }

/** What is being written in a room, or in one of its threads, and was not sent. */
export type DraftView = Draft & { room_id: number; thread_id: number | null }

/** A message that the server sends at `send_at`, or could not send (`failure`). */
export type ScheduledView = ScheduledMessage & { id: string }

/** A part of the viewer's list of rooms, named by them. */
export type SectionView = Section & { id: string }

/** The whole client: what the web app, bots and the benchmark use. Methods reject with RequestError (rest/request.ts). */
export type Client = {
  session: Observable<SessionState> & {
    /** Finds out who is signed in; called once at boot, and again by a "try again" button. */
    start(): Promise<void>
    signIn(username: string, password: string): Promise<void>
    /** Ends the session. What was written and not sent is removed from this device. */
    signOut(): Promise<void>
    setUp(account: { username: string; password: string; email?: string; code?: string }): Promise<void>
  }
  connection: Observable<ConnectionState>
  rooms: {
    list: Observable<RoomList>
    /** Undefined while unknown or not a member. */
    get(roomId: number): Observable<RoomView | undefined>
    create(room: NewRoom): Promise<OwnRoom>
    /** The viewer's direct room with exactly these people, which is made if there is none; resolves once it is in the list. */
    openDirect(userIds: readonly number[]): Promise<OwnRoom>
    /** Rooms that the viewer may discover, by name; or those of the viewer's that are archived. */
    search(query: string, options?: RoomSearchOptions): Promise<readonly DiscoveredRoom[]>
    /** Changes name, topic or who may write; for owners and admins. */
    update(roomId: number, update: RoomUpdate): Promise<void>
    /** For owners. */
    archive(roomId: number): Promise<void>
    restore(roomId: number): Promise<void>
    join(roomId: number): Promise<void>
    leave(roomId: number): Promise<void>
    /** Shown at once, and sent as soon as it can be. */
    setLevel(roomId: number, level: RoomView['level']): void
    setMuted(roomId: number, muted: boolean): void
  }
  messages: {
    timeline(roomId: number): Observable<Timeline>
    /**
     * Marks the room as on screen (loads, repairs and keeps it current) until the returned function is called. Beyond a
     * thousand messages the oldest are let go again, for `loadOlder` to bring back; later while someone who loaded older
     * ones is still above the newest, which `readMarkers.mark` tells.
     */
    open(roomId: number): () => void
    /**
     * Keeps the newest messages of a room loaded and current, as `open` does, without going there: others do not see the
     * viewer in it, and what is new when it is opened is decided then.
     */
    glance(roomId: number): () => void
    loadOlder(roomId: number): Promise<void>
    /**
     * Shows the messages around one of them; `Timeline.target` names it. `gone`: there is no such message, and the room
     * stays as it is. The room must be open.
     */
    openAt(roomId: number, messageId: number): Promise<'shown' | 'gone' | 'failed'>
    loadNewer(roomId: number): Promise<void>
    /** Back to the newest messages. */
    jumpToNewest(roomId: number): Promise<void>
    /**
     * One message, in the loaded run or not (a quote, a pin, something saved). It is fetched and kept current while somebody
     * subscribes. `gone`: removed, or not the viewer's to read.
     */
    get(roomId: number, messageId: number): Observable<MessageView | 'loading' | 'gone'>
    /**
     * Queues a message and shows it at once; returns its client_message_id. Throws RangeError on text that cannot be sent.
     * A run that does not reach the newest message gives way to the one that does.
     */
    send(roomId: number, content: string, options?: { replyTo?: number; threadId?: number }): string
    /** Sends a known message on to another room; returns its client_message_id. */
    forward(from: { roomId: number; messageId: number }, toRoomId: number): string
    /** Shown at once, and sent as soon as it can be. Throws RangeError on text that cannot be sent. */
    edit(roomId: number, messageId: number, content: string): void
    /**
     * Shown at once, and sent when `undoMs` are over, in whichever tab that is. `isLeaving`: the page is about to go, so it is
     * sent in this moment, and by the next page if that fails.
     */
    remove(roomId: number, messageId: number, options?: { isLeaving?: boolean; undoMs?: number }): void
    /** Takes back a removal that was not sent. */
    keep(roomId: number, messageId: number): void
    /** Tries an edit again that was refused, or gives it up. */
    retryChange(roomId: number, messageId: number): void
    discardChange(roomId: number, messageId: number): void
    /** The earlier texts of a message, the first first. */
    edits(roomId: number, messageId: number): Promise<readonly EarlierText[]>
    retry(roomId: number, clientMessageId: string): void
    discard(roomId: number, clientMessageId: string): void
    /** All of one's own that are on their way or were refused, those of rooms one is no longer in included. */
    unsent: Observable<readonly PendingMessage[]>
    /** Loads the newest page again after `status: 'error'`. */
    reload(roomId: number): Promise<void>
  }
  /** Messages in the viewer's rooms. What a search may hold: contracts/search/query.ts. */
  search: SearchMethods
  threads: {
    /** The messages of a thread, as a room's. */
    timeline(roomId: number, threadId: number): Observable<Timeline>
    /** Keeps a thread loaded and current until the returned function is called. `threadId`: the message that it hangs from. */
    open(roomId: number, threadId: number): () => void
    loadOlder(roomId: number, threadId: number): Promise<void>
    reload(roomId: number, threadId: number): Promise<void>
    /** What the viewer has to do with a thread. */
    get(roomId: number, threadId: number): Observable<ThreadState>
    /** Threads that the viewer follows, the one written in last first. */
    followed: Observable<FollowedList>
    /** More of them; after `status: 'error'`, those that could not be had. */
    loadOlderFollowed(): Promise<void>
    /** How many of them have something new. */
    unread: Observable<number>
    /** Shown at once, and sent as soon as it can be. */
    setFollowing(roomId: number, threadId: number, isFollowing: boolean): void
    /** Marks a followed thread as read up to `seq`. */
    markRead(roomId: number, threadId: number, seq: number): void
  }
  mentions: {
    /** What mentions the viewer in rooms of theirs and in threads there, the newest first; fetched while somebody subscribes. */
    list: Observable<MentionList>
    /** More of them; after `status: 'error'`, those that could not be had. */
    loadOlder(): Promise<void>
  }
  reactions: {
    /** Shown at once, and sent as soon as it can be. */
    set(roomId: number, messageId: number, emoji: string, isOn: boolean): void
    /** Who reacted, by emoji. */
    users(roomId: number, messageId: number): Promise<readonly { emoji: string; users: readonly User[] }[]>
  }
  pins: {
    list(roomId: number): Observable<PinList>
    /** Keeps the list of this room loaded and current until the returned function is called. */
    open(roomId: number): () => void
    set(roomId: number, messageId: number, isOn: boolean): void
  }
  actions: {
    /** What was refused and not dismissed yet, the last last. */
    refusals: Observable<readonly Refusal[]>
    dismiss(refusalId: string): void
  }
  readMarkers: {
    /** Marks everything up to `seq` as read; coalesced, retried. */
    mark(roomId: number, seq: number): void
    /** Moves the marker back to `seq`, on all devices: what comes after it is unread again. Retried. */
    markUnread(roomId: number, seq: number): void
    /** Marks every room as read up to its end. */
    markAll(): void
  }
  receipts: {
    /**
     * The members of a small room with how far messages have got with them, for `receiptOf`; as its window knows them, so
     * also without a network. Undefined in larger rooms, and where they are not known.
     */
    members(roomId: number): Observable<readonly Member[] | undefined>
    /** Who has seen a message, in a room of any size. */
    seenBy(roomId: number, messageId: number, signal?: AbortSignal): Promise<SeenBy>
  }
  members: {
    list(roomId: number): Observable<MemberList>
    /** Keeps the list of this room loaded and current until the returned function is called. */
    open(roomId: number): () => void
    /** The first members whose names hold `query`, for rooms of which `list` has only the beginning. */
    search(roomId: number, query: string, signal?: AbortSignal): Promise<readonly Member[]>
    /** Brings somebody in; they are told. */
    add(roomId: number, userId: number): Promise<void>
    remove(roomId: number, userId: number): Promise<void>
    setRole(roomId: number, userId: number, role: MemberRole): Promise<void>
  }
  typing: {
    /** Those who are writing in this room, or in this thread of it, just now, never the viewer; empty in rooms of many members. */
    in(roomId: number, threadId?: number): Observable<readonly User[]>
    /** The viewer goes on writing there, or has sent or emptied what they wrote; may be called for every letter. */
    write(roomId: number, isWriting: boolean, threadId?: number): void
  }
  presence: {
    /** Is this person online? Undefined where nobody knows. Asked for as long as somebody subscribes to it. */
    get(userId: number): Observable<boolean | undefined>
    /** How many people have this room on screen, the viewer included; undefined where nobody knows. */
    here(roomId: number): Observable<number | undefined>
  }
  drafts: {
    /** The one written last first. */
    list: Observable<readonly DraftView[]>
    /** '' if there is none. */
    get(roomId: number, threadId?: number): Observable<string>
    /** Keeps it here at once and on all devices after a moment; '' takes it away everywhere. */
    set(roomId: number, content: string, threadId?: number): void
  }
  saved: {
    /** Those put aside last first. */
    list: Observable<readonly SavedMessage[]>
    has(messageId: number): Observable<boolean>
    set(roomId: number, messageId: number, isSaved: boolean): void
  }
  scheduled: {
    /** The next one first. */
    list: Observable<readonly ScheduledView[]>
    /** Returns its id. Throws RangeError on text that cannot be sent, as `change` does. */
    add(message: {
      room_id: number
      thread_id?: number | undefined
      reply_to?: number | undefined
      content: string
      send_at: Date
    }): string
    /** One that could not be sent is tried again. */
    change(id: string, changes: { content?: string; sendAt?: Date }): void
    remove(id: string): void
    sendNow(id: string): void
  }
  sections: {
    /** From above to below. */
    list: Observable<readonly SectionView[]>
    /** By room id. Rooms of a section that is gone are placed nowhere. */
    placements: Observable<ReadonlyMap<number, Placement>>
    create(name: string): string
    rename(id: string, name: string): void
    /** Its rooms stay. */
    remove(id: string): void
    /** Null: nowhere in particular. */
    place(roomId: number, section: string | null): void
    /** Direct rooms that were put away, by id: each up to this seq. What is said later shows it again. */
    closings: Observable<ReadonlyMap<number, number>>
    close(roomId: number, seq: number): void
    reopen(roomId: number): void
  }
  settings: {
    /** Undefined: never chosen. */
    get<Name extends SettingName>(name: Name): Observable<Settings[Name] | undefined>
    set<Name extends SettingName>(name: Name, value: Settings[Name] | undefined): void
  }
  users: {
    /** The first hundred people whose names hold `query`, those first whose names begin with it. */
    search(query: string, signal?: AbortSignal): Promise<readonly User[]>
    /** A page (the first is 1) of all whose names or titles hold `query`, and how many they are. */
    list(query: string, page: number, signal?: AbortSignal): Promise<{ count: number; users: readonly User[] }>
    create(account: { username: string; password: string; email?: string }): Promise<User>
    /** Somebody with what they say about themselves; undefined until it is known. Kept current while subscribed to. */
    profile(userId: number): Observable<Profile | undefined>
  }
  me: {
    /** What is left out stays as it is. */
    change(change: ProfileChange): Promise<void>
    /** A square picture of at most 1,024 pixels and 256 kB; null takes it away. */
    setAvatar(picture: Blob | null): Promise<void>
    /** Signs out everywhere else. */
    changePassword(current: string, next: string): Promise<void>
  }
  sessions: {
    /** Where the viewer is signed in, this device first. */
    list(): Promise<readonly SessionRow[]>
    end(sessionId: number): Promise<void>
    endOthers(): Promise<void>
  }
  invites: {
    create(): Promise<Invite>
    get(code: string): Promise<InviteState>
    accept(code: string, account: { username: string; password: string; email?: string }): Promise<void>
  }
  /** Stops timers, sockets and listeners. */
  close(): void
}
