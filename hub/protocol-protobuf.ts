import { ping, readCommands, writeError, writePush, writeReply } from './protobuf-messages.ts'
import { type Codec, Encoded, frameTypeOf } from './protocol.ts'

/** Centrifugo's Protobuf protocol: each message behind its length, payloads as bytes. [CON11] */
export const protobufCodec: Codec = {
  name: 'protobuf',
  commands: (frame) => readCommands(typeof frame === 'string' ? Buffer.from(frame) : frame),
  reply: (id, method, result) => new Encoded(writeReply(id, method, result), method),
  error: (id, method, error) => new Encoded(writeError(id, error), method),
  push: (channel, push) => new Encoded(writePush(channel, push), frameTypeOf(push)),
  ping: new Encoded(ping, 'server_ping'),
  payload: (content) => content.bytes,
  separator: '',
}
