import { type ApiAnswer, type ApiCall, type ApiContext, execute } from './execute.ts'
import { apiError } from './errors.ts'
import * as field from './fields.ts'
import { JsonPart, splitDocuments } from './json-part.ts'
import { apiMethods } from './methods.ts'
import { Turns } from './turns.ts'
import { writeJson } from './write-json.ts'

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
  const replies: string[] = []
  for (const document of splitDocuments(body)) {
    replies.push(writeJson(await runCommand(context, JsonPart.parse(document) ?? field.malformed())))
    await turns.step()
  }
  return replies.length === 0 ? field.malformed() : replies.join('\n')
}

async function runCommand(context: ApiContext, part: JsonPart): Promise<object> {
  const { id } = readId(part)
  const method = methodOf(part.member('method')?.value)
  const read = method === undefined ? undefined : apiMethods.get(method)
  if (method === undefined || !read) return { id: id || undefined, error: apiError(104) }
  const call = callOf(read, method, part.member('params'))
  const answer: ApiAnswer = call ? await execute(context, method, call) : { error: apiError(107) }
  return { id: id || undefined, ...answer }
}

function methodOf(given: unknown): string | undefined {
  if (given === undefined || given === null) return numbered[0]
  if (typeof given === 'string' && numbered.includes(given.toLowerCase())) return given.toLowerCase()
  return Number.isInteger(given) ? numbered[Number(given)] : field.malformed()
}

/** Undefined when the parameters are not what the method asks for. */
function callOf(read: (part: JsonPart) => ApiCall, method: string, params: JsonPart | undefined): ApiCall | undefined {
  if (method === 'info') return read(JsonPart.empty)
  try {
    return params && read(params)
  } catch (error) {
    if (error instanceof field.MalformedRequest) return undefined
    throw error
  }
}
