import type { Response } from 'express'
import { searchParamsOf } from './search-params.ts'

/** `Link: <…>; rel="next"` (RFC 8288), relative to the request's own path. */
export function linkNext(response: Response, nextCursor: string | null): void {
  if (nextCursor === null) return
  const searchParams = searchParamsOf(response.req)
  searchParams.set('cursor', nextCursor)
  response.set('Link', `<?${searchParams}>; rel="next"`)
}
