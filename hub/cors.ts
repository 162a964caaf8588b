import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Node } from './node.ts'
import { isAllowedOrigin } from './origins.ts'

/**
 * Lets pages of allowed origins read the answer, and answers a browser's question whether it may ask. True when that
 * was all. What is not allowed gets no header, which browsers take for a no. [HTP6]
 */
export function answerCors(node: Node, request: IncomingMessage, response: ServerResponse): boolean {
  const { origin, 'access-control-request-headers': wantedHeaders } = request.headers
  if (origin !== undefined && isAllowedOrigin(request, node.options)) {
    response.setHeader('Access-Control-Allow-Origin', origin)
    response.setHeader('Access-Control-Allow-Credentials', 'true')
    response.setHeader('Vary', 'Origin')
    if (wantedHeaders) response.setHeader('Access-Control-Allow-Headers', wantedHeaders)
  }
  if (request.method !== 'OPTIONS') return false
  response.setHeader('Access-Control-Allow-Methods', 'POST, OPTIONS')
  response.setHeader('Access-Control-Max-Age', '300')
  response.writeHead(204).end()
  return true
}
