import type { ChannelOptions } from './options.ts'
import type { Content } from './protocol.ts'

/** Is the payload what the namespace says publications are? [PUB11] */
export function isAcceptable(content: Content, { publicationDataFormat = '' }: ChannelOptions): boolean {
  if (publicationDataFormat === 'binary') return true
  if (publicationDataFormat === '') return content.bytes.length > 0
  return publicationDataFormat === 'json' ? content.json !== undefined : (content.json?.startsWith('{') ?? false)
}
