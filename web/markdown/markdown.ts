/** All that is fetched in one part once there is markup to read. */
export { isLong } from './is-long.ts'
export { MarkdownText } from './markdown-text.tsx'
export { parseMarkdown } from './parse.ts'
export { toPlainText } from './plain-text.ts'
