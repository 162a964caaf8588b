import type { FastifyRequest } from 'fastify'
import { limits } from '@grandchat/contracts/limits'
import { notFound } from '../errors.ts'

export type Page<T> = { count: number; next: string | null; previous: string | null; results: T[] }
export type PageRange = { limit: number; offset: number }

export function pageRange(page: number): PageRange {
  return { limit: limits.page, offset: (page - 1) * limits.page }
}

/** One page of the seed's lists. A page beyond the last does not exist; the first always does. */
export function presentPage<T>(
  request: FastifyRequest,
  origin: string,
  page: number,
  count: number,
  results: T[],
): Page<T> {
  const lastPage = Math.max(1, Math.ceil(count / limits.page))
  if (page > lastPage) throw notFound()
  const link = (n: number) => {
    const url = new URL(request.url, origin)
    url.searchParams.set('page', String(n))
    return url.href
  }
  return {
    count,
    next: page < lastPage ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    results,
  }
}

/** The origin under which the caller knows us. */
export function ownOrigin(request: FastifyRequest, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl
  const guess = `${request.protocol}://${request.host}`
  return URL.canParse(guess) ? new URL(guess).origin : 'http://localhost'
}
