/**
 * An emoji, its name, its group, its shortcodes, more words to find it by, and itself in five skin tones,
 * each list in one text with spaces between. */
export type EmojiRow = [emoji: string, name: string, group: number, codes: string, words: string, tones: string]
