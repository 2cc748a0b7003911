import type { Response } from 'express'

/** `Link: <…>; rel="next"` (RFC 8288), relative to the request's own path. */
export function linkNext(response: Response, nextCursor: string | null): void {
  if (nextCursor === null) return
  const { searchParams } = new URL(response.req.originalUrl, 'http://local')
  searchParams.set('cursor', nextCursor)
  response.set('Link', `<?${searchParams}>; rel="next"`)
}
