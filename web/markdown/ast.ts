/** What a message is made of once its markup is read. Line breaks are newlines in texts. */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { type: 'code'; text: string }
  /** `host`: where it leads, if what is shown might make one think otherwise. `isAddress`: shown is the address itself. */
  | { type: 'link'; href: string; host?: string; isAddress: boolean; children: Inline[] }
  /** `@name` and `#name`, whoever or whatever it may be; `text` is as it was written. */
  | { type: 'mention'; sign: '@' | '#'; name: string; text: string }
  /** `:code:`, which may mean an emoji or nothing. */
  | { type: 'shortcode'; code: string; text: string }

export type Block =
  | { type: 'text'; children: Inline[] }
  | { type: 'code'; language: string; text: string }
  | { type: 'quote'; children: Block[] }
  /** `start` is the number of the first item of a numbered list. */
  | { type: 'list'; start?: number; items: Block[][] }
