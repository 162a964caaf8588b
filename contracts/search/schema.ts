import { z } from 'zod'
import { limits } from '../limits.ts'
import { Message } from '../messages/schema.ts'
import { Id, NumberInQuery } from '../primitives.ts'

/** `GET /api/search/messages/`: what `q` may hold stands in `query.ts`; `before` is the id of the last result so far. */
export const MessageSearchQuery = z.object({
  q: z
    .string()
    .max(limits.searchQuery, `is longer than ${limits.searchQuery} characters`)
    .refine((q) => q.isWellFormed() && !q.includes('\u0000'), 'contains broken characters'),
  before: NumberInQuery.refine((n) => n >= 1, 'starts at 1').optional(),
  limit: NumberInQuery.refine((n) => n >= 1 && n <= limits.searchPage, `is 1 to ${limits.searchPage}`).optional(),
})

/** A piece of a message around what was found; `marks` are [start, end] places in `text` (UTF-16), for the screen to show. */
export const Snippet = z.object({
  text: z.string(),
  marks: z.array(z.tuple([z.int().nonnegative(), z.int().positive()])),
  is_cut_before: z.boolean(),
  is_cut_after: z.boolean(),
})
export type Snippet = z.infer<typeof Snippet>

export const FoundMessage = z.object({ room_id: Id, message: Message, snippet: Snippet }).meta({ id: 'FoundMessage' })
export type FoundMessage = z.infer<typeof FoundMessage>

/**
 * Newest first. `corrected`: what was searched instead, as there was nothing for `q`. `suggestion`: what may have been meant, as
 * there was little for `q`, and the newest that it finds. `partial`: time ran out, older ones may be missing.
 */
export const MessageSearchAnswer = z
  .object({
    results: z.array(FoundMessage),
    more: z.boolean(),
    corrected: z.string().optional(),
    suggestion: z.object({ q: z.string(), results: z.array(FoundMessage) }).optional(),
    partial: z.boolean().optional(),
  })
  .meta({ id: 'MessageSearchAnswer' })
export type MessageSearchAnswer = z.infer<typeof MessageSearchAnswer>
