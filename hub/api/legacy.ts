import type { Json } from '../protocol.ts'
import { apiError } from './errors.ts'
import { answerMember, type ApiAnswer, type ApiCall, type ApiContext, execute } from './execute.ts'
import * as field from './fields.ts'
import { splitDocuments } from '../json-scan.ts'
import { JsonPart } from './json-part.ts'
import { type ApiMethod, apiMethods } from './methods.ts'
import { Turns } from './turns.ts'

/** Methods may be numbers, too. The first one is meant when none is named. */
const numbered = [
  'publish',
  'broadcast',
  'unsubscribe',
  'disconnect',
  'presence',
  'presence_stats',
  'history',
  'history_remove',
  'channels',
  'info',
  'rpc',
  'subscribe',
  'refresh',
]

const readId = field.object({ id: field.uint32 })

/**
 * The one path of old: commands `{"id", "method", "params"}` one after the other in the body, and as many replies,
 * divided by line feeds. What was done before a malformed command stays done.
 */
export async function runCommands(context: ApiContext, body: string): Promise<string> {
  const turns = new Turns()
  const replies: Json[] = []
  for (const document of splitDocuments(body)) {
    replies.push(await runCommand(context, JsonPart.parse(document) ?? field.malformed()))
    await turns.step()
  }
  return replies.length === 0 ? field.malformed() : replies.join('\n')
}

async function runCommand(context: ApiContext, part: JsonPart): Promise<Json> {
  const { id } = readId(part)
  const answer = await answerTo(context, methodOf(part.member('method')?.value), part.member('params'))
  return `{${id ? `"id":${id},` : ''}${answerMember(answer)}}`
}

async function answerTo(context: ApiContext, method = '', params: JsonPart | undefined): Promise<ApiAnswer> {
  const read = apiMethods.get(method)
  if (!read) return { error: apiError(104) }
  const call = callOf(read, method === 'info' ? JsonPart.empty() : params)
  return call ? execute(context, method, call) : { error: apiError(107) }
}

/** Undefined for a number that stands for none. */
function methodOf(given: unknown): string | undefined {
  if (given === undefined || given === null) return numbered[0]
  if (typeof given === 'string' && numbered.includes(given.toLowerCase())) return given.toLowerCase()
  return Number.isInteger(given) ? numbered[Number(given)] : field.malformed()
}

/** Undefined when the parameters are not what the method asks for. */
function callOf(read: ApiMethod, params: JsonPart | undefined): ApiCall | undefined {
  try {
    return params && read(params)
  } catch (error) {
    if (error instanceof field.MalformedRequest) return undefined
    throw error
  }
}
