import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerCors } from './cors.ts'
import type { Node } from './node.ts'
import type { Codec } from './protocol.ts'
import { jsonCodec } from './protocol-json.ts'
import { readEmulationRequest } from './protobuf-messages.ts'
import { protobufCodec } from './protocol-protobuf.ts'
import { readBody, refuseLargeBody } from './request-body.ts'
import { type Framing, HttpTransport, streamHeaders } from './transport-http.ts'

const none = Buffer.alloc(0)
const jsonLines: Framing = { before: none, after: Buffer.from('\n') }
const events: Framing = { before: Buffer.from('data: '), after: Buffer.from('\n\n') }
/** Messages say themselves how long they are. */
const delimited: Framing = { before: none, after: none }

/** `POST /connection/http_stream`: the body is the first frame, the response never ends. [HTP1] */
export async function handleHttpStream(node: Node, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (answerCors(node, request, response)) return
  if (request.method !== 'POST') return refuse(response, 405)
  node.metrics.transports.http_stream.connects++
  const frame = await bodyOf(node, request, response)
  if (!frame) return
  const isProtobuf = wantsProtobuf(request)
  const codec = isProtobuf ? protobufCodec : jsonCodec
  open(node, request, response, { name: 'http_stream', codec, framing: isProtobuf ? delimited : jsonLines, frame })
}

/** `GET /connection/sse?cf_connect=…`, or POST: the same as server-sent events, in JSON alone. [HTP2] */
export async function handleSse(node: Node, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (answerCors(node, request, response)) return
  const isPost = request.method === 'POST'
  if (!isPost && request.method !== 'GET') return refuse(response, 405)
  node.metrics.transports.sse.connects++
  const frame = isPost ? await bodyOf(node, request, response) : connectParameter(request)
  if (!frame) return isPost ? undefined : refuse(response, 400)
  open(node, request, response, {
    name: 'sse',
    codec: jsonCodec,
    framing: events,
    frame,
    contentType: 'text/event-stream; charset=utf-8',
    preamble: '\r\n',
  })
}

/** `POST /emulation`: what a client of the two above sends after its first frame. [HTP3] */
export async function handleEmulation(node: Node, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (answerCors(node, request, response)) return
  if (request.method !== 'POST') return refuse(response, 405)
  const body = await bodyOf(node, request, response)
  if (!body) return
  const emulated = wantsProtobuf(request) ? readEmulationRequest(body) : parseEmulationRequest(body)
  if (!emulated) return refuse(response, 400)
  if (emulated.node !== node.id) return refuse(response, 404)
  const client = node.connections.withSession(emulated.session)
  if (client?.transport instanceof HttpTransport) await client.transport.receive(emulated.data)
  response.writeHead(204).end()
}

export type EmulationRequest = { session: string; node: string; data: string | Buffer }

function parseEmulationRequest(body: Buffer): EmulationRequest | undefined {
  try {
    const { session = '', node = '', data = '' } = JSON.parse(body.toString()) as Record<string, unknown>
    if (typeof session !== 'string' || typeof node !== 'string' || typeof data !== 'string') return undefined
    return { session, node, data }
  } catch {
    return undefined
  }
}

type Opening = {
  name: 'http_stream' | 'sse'
  codec: Codec
  framing: Framing
  frame: string | Buffer
  contentType?: string
  preamble?: string
}

function open(node: Node, request: IncomingMessage, response: ServerResponse, opening: Opening): void {
  const status = node.connections.refusal(request)
  if (status) return refuse(response, status)
  request.socket.setNoDelay(true)
  request.socket.setTimeout(0)
  response.writeHead(200, { ...streamHeaders, ...(opening.contentType && { 'Content-Type': opening.contentType }) })
  response.flushHeaders()
  if (opening.preamble) response.write(opening.preamble)
  const transport = new HttpTransport(node, opening.name, opening.codec, response, opening.framing)
  void transport.receive(opening.frame)
}

async function bodyOf(node: Node, request: IncomingMessage, response: ServerResponse): Promise<Buffer | undefined> {
  const limit = node.options.client.requestBodySizeLimit
  const body = await readBody(request, limit)
  if (typeof body !== 'string') return body
  if (body === 'too large') refuseLargeBody(request, response, limit)
  return undefined
}

function connectParameter({ url = '' }: IncomingMessage): string | undefined {
  return new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('cf_connect') || undefined
}

const wantsProtobuf = ({ headers }: IncomingMessage) => headers['content-type'] === 'application/octet-stream'

/** Without the rest of a body that nobody reads. */
function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { Connection: 'close' }).end()
}
