import { z } from 'zod'

/** A row's id: a JSON integer. */
export const Id = z.int().positive().meta({ description: 'A bigint identity, as a JSON integer' })

/** RFC 3339, UTC, exactly six fractional digits: comparable as a string. */
export const Time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  .meta({ description: 'RFC 3339 in UTC with six fractional digits', example: '2026-11-22T09:30:00.000000Z' })

/**
 * A time of the calendar, for what is compared as a time and not as a string: there is no 30th of February, and no year 0
 * in PostgreSQL.
 */
export const Moment = Time.refine((time) => {
  const milliseconds = Date.parse(time)
  if (Number.isNaN(milliseconds) || time.startsWith('0000')) return false
  return new Date(milliseconds).toISOString().slice(0, 19) === time.slice(0, 19)
}, 'is no time of the calendar')

/** A version of a stream: a room's, a user's or the workspace's. It only rises, by one per committed change. */
export const Version = z.int().nonnegative()

/** An id in a path. What is no id names nothing, so the answer is 404 (see `server/errors.ts`). */
export const IdInPath = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .transform(Number)
  .refine(Number.isSafeInteger)

/** An id as a key of a JSON object. */
export const IdAsKey = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .refine((key) => Number.isSafeInteger(Number(key)))

/** A whole number in a query string. */
export const NumberInQuery = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,15})$/, 'must be a whole number')
  .transform(Number)
  .refine(Number.isSafeInteger, 'is too large')

/** The seed's lists: pages of 100 by `?page=N`; `next` and `previous` are absolute URLs or null. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({
    count: z.int().nonnegative(),
    next: z.url().nullable(),
    previous: z.url().nullable(),
    results: z.array(row),
  })
}

export const PageQuery = z.object({ page: NumberInQuery.refine((n) => n >= 1, 'starts at 1').optional() })

/** What is looked for by name, in any list. */
export const NameQuery = z.object({
  q: z
    .string()
    .max(200)
    .refine((q) => q.isWellFormed() && !q.includes('\u0000'), 'contains broken characters')
    .default(''),
  page: PageQuery.shape.page,
})

export const Empty = z.object({})

export const ErrorAnswer = z
  .object({ detail: z.string(), code: z.string(), fields: z.record(z.string(), z.string()).optional() })
  .meta({ id: 'Error', description: '`code` is a stable word (contracts/errors.ts), `detail` a plain sentence' })
