import type { Json } from '../protocol.ts'
import { answerMember, type ApiCall, type ApiContext, errorMember, execute } from './execute.ts'
import { apiError } from './errors.ts'
import * as field from './fields.ts'
import type { JsonPart } from './json-part.ts'
import { apiMethods } from './methods.ts'
import { Turns } from './turns.ts'

type Command = { method: string; call: ApiCall } | undefined

const readParallel = field.object({ parallel: field.boolean })

/**
 * Runs the commands one after the other, or starts each without waiting for the one before. The replies are in the
 * order of the commands either way. Rejects with a `MalformedRequest` before anything is done.
 */
export async function runBatch(context: ApiContext, part: JsonPart): Promise<Json> {
  const { parallel = false } = readParallel(part)
  const turns = new Turns()
  const commands: Command[] = []
  for (const each of partsOf(part)) {
    commands.push(readCommand(each))
    await turns.step()
  }
  const replies: Json[] = []
  const running: Array<Promise<Json>> = []
  for (const command of commands) {
    const reply = runCommand(context, command)
    if (parallel) running.push(reply)
    else replies.push(await reply)
    await turns.step()
  }
  for (const reply of await Promise.all(running)) replies.push(reply)
  return replies.length === 0 ? '{}' : `{"replies":[${replies.join(',')}]}`
}

function partsOf(part: JsonPart): Iterable<JsonPart> {
  const commands = part.member('commands')
  if (!commands || commands.value === null) return []
  return commands.elements() ?? field.malformed()
}

/** Undefined when it names no method. */
function readCommand(part: JsonPart): Command {
  if (part.value !== null && !part.isObject) return field.malformed()
  for (const [method, read] of apiMethods) {
    const request = part.member(method)
    if (request && request.value !== null) return { method, call: read(request) }
  }
  return undefined
}

async function runCommand(context: ApiContext, command: Command): Promise<Json> {
  if (command) return `{${answerMember(await execute(context, command.method, command.call), command.method)}}`
  context.metrics.countApiError('unknown', 104)
  return `{${errorMember(apiError(104))}}`
}
