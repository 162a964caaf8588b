import type { ErrorBody, ErrorCode } from '@grandchat/contracts/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { classifyDatabaseError, type DatabaseFailure } from './database/failures.ts'

/** An outcome that the caller is told about. Everything else that is thrown is a bug or a broken database. */
export class AppError extends Error {
  status: number
  code: ErrorCode
  fields: Record<string, string> | undefined
  retryAfterSeconds: number | undefined

  constructor(
    status: number,
    code: ErrorCode,
    detail: string,
    more: { fields?: Record<string, string>; retryAfterSeconds?: number } = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.fields = more.fields
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}

/** The same answer for what does not exist and for what the caller may not see. */
export const notFound = () => new AppError(404, 'not_found', 'not found')
export const permissionDenied = () => new AppError(403, 'permission_denied', 'permission denied')
export const invalidInput = (fields: Record<string, string>) =>
  new AppError(400, 'invalid_input', 'some of the input cannot be used', { fields })
export const overloaded = () =>
  new AppError(503, 'overloaded', 'too much is waiting here, try again in a moment', { retryAfterSeconds: 1 })

const databaseFailures: Record<DatabaseFailure, () => AppError> = {
  unavailable: () =>
    new AppError(503, 'database_unavailable', 'the database does not answer, try again in a moment', {
      retryAfterSeconds: 2,
    }),
  busy: overloaded,
  bad_input: () => new AppError(400, 'invalid_input', 'some of the input cannot be stored'),
}

export function errorHandler(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const answer = toAppError(error)
  if (answer.status >= 500) request.log.error({ err: error }, 'request failed')
  sendError(reply, answer)
}

export function notFoundHandler(_request: FastifyRequest, reply: FastifyReply): void {
  sendError(reply, notFound())
}

export function sendError(reply: FastifyReply, { status, code, message, fields, retryAfterSeconds }: AppError): void {
  const body: ErrorBody = { detail: message, code, ...(fields && { fields }) }
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterSeconds)))
  reply.status(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body)
}

function toAppError(error: FastifyError): AppError {
  if (error instanceof AppError) return error
  if (hasZodFastifySchemaValidationErrors(error)) return validationError(error)
  const failure = classifyDatabaseError(error)
  if (failure) return databaseFailures[failure]()
  return httpError(error)
}

/** What is wrong in a form fits; a body that is wrong in every place is not sent back whole. */
const maxFields = 20
const maxFieldName = 100

type ValidationError = FastifyError & {
  validationContext?: string
  validation: { instancePath: string; message?: string }[]
}

function validationError(error: ValidationError): AppError {
  // What is no id names nothing.
  if (error.validationContext === 'params') return notFound()
  const fields: Record<string, string> = {}
  for (const { instancePath, message } of error.validation.slice(0, maxFields)) {
    const path = instancePath.slice(0, maxFieldName).replace(/^\//, '').replaceAll('/', '.')
    const field = path || error.validationContext || 'body'
    fields[field] ??= message ?? 'is not valid'
  }
  return invalidInput(fields)
}

/** Errors of the HTTP layer itself: bodies that are too large, not JSON, of another type, badly encoded paths. */
function httpError(error: FastifyError): AppError {
  const status = error.statusCode ?? 500
  if (status === 413) return new AppError(413, 'body_too_large', 'the request body is too large')
  if (status === 415) return new AppError(415, 'unsupported_media_type', 'send JSON (content-type: application/json)')
  if (status === 405) return new AppError(405, 'method_not_allowed', 'this method is not allowed here')
  if (status >= 400 && status < 500) return new AppError(400, 'invalid_input', 'the request could not be read')
  return new AppError(500, 'internal', 'something went wrong on the server')
}
