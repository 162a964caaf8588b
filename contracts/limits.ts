/** Bounds that both sides know: the server enforces them, forms show them. */
export const limits = {
  /** Code points of a message after trimming. */
  messageContent: 5_000,
  /** Code points of `last_message.content` in a Room. */
  messagePreview: 280,
  /** People that one message mentions, the first of them. */
  mentions: 50,
  /** Members of a room in which everybody may mention all of them; in larger ones whoever runs the room. */
  mentionAllMembers: 32,
  /** Unread mentions of a room that its reader is told of, the newest of them. */
  unreadMentions: 100,
  /** The largest `limit` of a page of messages that mention somebody. */
  mentionsPage: 50,
  /** Users that one row of reactions names. */
  reactionUsers: 1_000,
  /** Code points of a draft, and of a section's name. */
  draft: 5_000,
  sectionName: 50,
  /** Rows of a user's own state, those that were taken away left out. */
  ownRows: 10_000,
  /** People of a direct room. */
  directUsers: 9,
  /** Earlier texts of a message that are kept, the newest of them. */
  messageEdits: 50,
  /** Different emoji on one message. */
  reactionsPerMessage: 20,
  /** Bytes of one emoji, in UTF-8. */
  emojiBytes: 64,
  /** Pinned messages of a room. */
  pins: 100,
  /** Messages that one request can ask for by their ids. */
  messageIds: 100,
  roomName: 100,
  roomTopic: 250,
  usernameMin: 2,
  usernameMax: 40,
  displayName: 60,
  profileTitle: 80,
  pronouns: 40,
  statusText: 100,
  /** Bytes of a picture, and its longer side in pixels. */
  avatarBytes: 256 * 1024,
  avatarPixels: 1_024,
  passwordMin: 8,
  passwordMax: 128,
  /** Rows of one page of a list (`?page=`), and the largest `limit` of a history page. */
  page: 100,
  /** Characters of a search, and terms and filters in it. */
  searchQuery: 500,
  searchTerms: 20,
  /** Letters of its longest term. */
  searchTermMin: 2,
  /** The largest `limit` of a page of messages found. */
  searchPage: 50,
  /** Rooms whose `changes` ride in one sync answer. */
  syncOpenRooms: 8,
  /** Room ids in one sync request. */
  syncRooms: 10_000,
  /** Channels in one token request. */
  tokenChannels: 128,
  /** People in one question about who they are or whether they are online. */
  listedUsers: 200,
  /** Rooms of more members do not tell who is typing or looking at them. */
  hereMembers: 200,
  /** Rooms of more members do not tell what was delivered and read: everybody would be told of everybody. */
  receiptMembers: 32,
  /** Rooms in one report of what was delivered. */
  receiptRooms: 100,
  /** People named in an answer to who has seen a message. */
  seenUsers: 50,
} as const
