interface ErrorCodeEntry {
  readonly status: number
  readonly title: string
  /** What to do about it, as `/docs/errors/<code>` shows it. */
  readonly advice: string
}

const entry = (status: number, title: string, advice: string): ErrorCodeEntry => ({
  status,
  title,
  advice,
})

/** Every error that the API answers with. */
export const errorCodes = {
  bad_request: entry(
    400,
    'The request cannot be read',
    'The detail names what is wrong. Correct it and send the request again.',
  ),
  invalid: entry(
    400,
    'The request is not valid',
    'Each entry of `errors` has a pointer to the value and what is wrong with it. Unknown members and parameters are refused rather than ignored.',
  ),
  unauthenticated: entry(
    401,
    'Sign in first',
    'Send `Authorization: Bearer TOKEN`, `Token TOKEN` or basic credentials, or sign in. A token or session may have expired. After five wrong passwords a user is locked for 15 minutes.',
  ),
  forbidden: entry(
    403,
    'This role may not do that',
    'Ask a manager of your tenant for a token or user with the role that the detail names.',
  ),
  cross_site: entry(
    403,
    'The request comes from another site',
    'A change made with a session cookie must come from the console itself. Programs use a token instead of a cookie, or send the header `X-Warren-Console`.',
  ),
  not_found: entry(404, 'There is no such thing here', 'Check the path and the id.'),
  method_not_allowed: entry(
    405,
    'This method is not accepted here',
    'The header `Allow` lists the methods of this path.',
  ),
  conflict: entry(409, 'That exists already', 'Choose another name: what exists may be in use.'),
  changed: entry(
    412,
    'It has changed meanwhile',
    'Read it again, look at what is different, and send the change with the new `ETag` as `If-Match`.',
  ),
  if_match_needed: entry(
    428,
    'Say which version you mean',
    'Send the `ETag` of what you have read as `If-Match`, so that nobody else’s change is lost.',
  ),
  too_large: entry(413, 'The request body is too large', 'Send less in one request.'),
  unsupported_media_type: entry(
    415,
    'This kind of body is not accepted',
    'Send `Content-Type: application/json`.',
  ),
  answer_too_large: entry(
    400,
    'The answer would be too large',
    'Ask for a shorter range, a longer interval or fewer series. The limit is `queries.maxAnswerBytes`.',
  ),
  too_costly: entry(
    422,
    'The query costs too much',
    'Asking again does not help: ask for a shorter range, a longer interval, fewer series or fewer functions. The limit is `maxCost` of `warren limits`.',
  ),
  beyond_retention: entry(
    422,
    'Only rollups have what is that old',
    'The detail names since when points are kept. Begin the range there, ask for what rollups keep (min, max, count, sum, mean, last, by windows of time), or read a rollup by its name. `warren retention` shows what is kept.',
  ),
  too_many_requests: entry(
    429,
    'Too many requests',
    'Wait as many seconds as the header `Retry-After` says. `warren limits` shows the limits of queries.',
  ),
  internal: entry(
    500,
    'Warren failed',
    'The request id finds the log line that says why. Report it with that line.',
  ),
  not_available: entry(
    501,
    'Not available in this installation',
    'The detail says which part is missing.',
  ),
  query_deadline: entry(
    503,
    'The query took too long',
    'Ask for a shorter range, a longer interval or fewer series. The limit is `queries.deadlineMs`.',
  ),
  unavailable: entry(
    503,
    'A part that this needs is away',
    'The status page names the part that is red and why. The request can be sent again.',
  ),
} as const satisfies Record<string, ErrorCodeEntry>

export type ErrorCode = keyof typeof errorCodes
