import { type ApiAnswer, type ApiCall, type ApiContext, execute } from './execute.ts'
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
export async function runBatch(context: ApiContext, part: JsonPart): Promise<object> {
  const { parallel = false } = readParallel(part)
  const turns = new Turns()
  const commands: Command[] = []
  for (const each of partsOf(part)) {
    commands.push(readCommand(each))
    await turns.step()
  }
  const replies: Array<Promise<object>> = []
  for (const command of commands) {
    const reply = runCommand(context, command)
    replies.push(reply)
    if (!parallel) await reply
    await turns.step()
  }
  return replies.length === 0 ? {} : { replies: await Promise.all(replies) }
}

function partsOf(part: JsonPart): JsonPart[] {
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

async function runCommand(context: ApiContext, command: Command): Promise<object> {
  if (!command) {
    context.metrics.countApiError('unknown', 104)
    return { error: apiError(104) }
  }
  const answer: ApiAnswer = await execute(context, command.method, command.call)
  return 'error' in answer ? answer : { [command.method]: answer.result }
}
