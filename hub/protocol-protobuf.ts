import { jsonCodec } from './protocol-json.ts'
import type { Codec } from './protocol.ts'

export const protobufCodec: Codec = { ...jsonCodec, name: 'protobuf' }

export function readEmulationRequest(_: Buffer): { session: string; node: string; data: Buffer } | undefined {
  return undefined
}
