declare module 'virtual:emoji' {
  import type { EmojiRow } from './rows.ts'

  const rows: EmojiRow[]
  export default rows
}
