import { problemSchema } from '@warren/contracts/http/problem'
import { reasonOf } from '@warren/platform/errors'
import type { ExitReason } from '@warren/platform/exit-codes'
import type { Secret } from '@warren/platform/secret'
import type { z } from 'zod'
import { ExitError } from '../exit-error.ts'
import { toShown } from '../terminal.ts'
import type { ApiTarget } from './config.ts'

/** An answer that is no success; its message is what the api says. */
export class ApiError extends ExitError {
  /** HTTP status. */
  readonly status: number
  /** The problem's, as `not_found`; empty when the answer is not the api's. */
  readonly code: string

  constructor(status: number, code: string, message: string) {
    const reason: ExitReason = code === 'invalid' ? 'usage' : 'failure'
    super(reason, message)
    this.status = status
    this.code = code
  }
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path below the base address, as `/api/v1/status`. */
  readonly path: string
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Asks one api as one principal. Every failure is an `ExitError` of one line: an `ApiError` when the api answered. */
export interface ApiClient {
  readonly url: string
  /** The answer, its body unread: within the deadline comes its beginning, the body may last (a stream). */
  open(call: Call): Promise<Response>
  /** The whole answer within the deadline, its JSON as the schema reads it. */
  read<Schema extends z.ZodType>(schema: Schema, call: Call): Promise<z.output<Schema>>
  /** As `read`, for an answer without a body; resolves with its headers. */
  send(call: Call): Promise<Headers>
}

/** Longer than the api gives anything that is no stream. */
const defaultDeadlineMs = 30_000

const errorTextLimit = 64 * 1024

function urlOf(base: string, { path, query = {} }: Call): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value))
  return `${base}${path}${parameters.size === 0 ? '' : `?${parameters}`}`
}

async function toApiError(response: Response, url: string): Promise<ApiError> {
  const text = (await response.text()).slice(0, errorTextLimit)
  try {
    const { code, detail } = problemSchema.parse(JSON.parse(text))
    return new ApiError(response.status, code, toShown(detail))
  } catch {
    const what = `${url} answered ${response.status}`
    return new ApiError(response.status, '', `${what}: is there a Warren at this address?`)
  }
}

/** `fetch failed` says nothing; its cause does. */
const whyUnreachable = (error: unknown): string =>
  reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error)

function toRequest({ method = 'GET', body, headers }: Call, authorization: Secret): RequestInit {
  const common = {
    method,
    // A redirect could carry the credential to another place.
    redirect: 'manual',
  } as const
  const own = { ...headers, authorization: authorization.reveal() }
  if (body === undefined) return { ...common, headers: own }
  return {
    ...common,
    headers: { ...own, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function createApiClient(
  { url, authorization }: ApiTarget,
  deadlineMs = defaultDeadlineMs,
): ApiClient {
  const toFailure = (error: unknown, deadline: AbortSignal): ExitError => {
    if (error instanceof ExitError) return error
    const why = deadline.aborted
      ? `has not answered for ${deadlineMs / 1000} s`
      : `cannot be reached: ${whyUnreachable(error)}`
    return new ExitError('failure', `Warren at ${url} ${why}`, error)
  }

  /** Runs `use` on the answer; `deadline` ends both. */
  async function ask<Result>(
    call: Call,
    deadline: AbortSignal,
    use: (response: Response) => Promise<Result>,
  ): Promise<Result> {
    const { signal = new AbortController().signal } = call
    try {
      const response = await fetch(urlOf(url, call), {
        ...toRequest(call, authorization),
        signal: AbortSignal.any([deadline, signal]),
      })
      if (!response.ok) throw await toApiError(response, url)
      return await use(response)
    } catch (error) {
      signal.throwIfAborted()
      throw toFailure(error, deadline)
    }
  }

  return {
    url,
    async open(call) {
      const deadline = new AbortController()
      const timer = setTimeout(() => deadline.abort(), deadlineMs)
      try {
        return await ask(call, deadline.signal, async (response) => response)
      } finally {
        clearTimeout(timer)
      }
    },
    read: (schema, call) =>
      ask(call, AbortSignal.timeout(deadlineMs), async (response) => {
        const parsed = schema.safeParse(parseJson(await response.text()))
        if (parsed.success) return parsed.data
        const why = `${url} answered what this \`warren\` does not understand: is it of another version?`
        throw new ExitError('failure', why)
      }),
    send: (call) =>
      ask(call, AbortSignal.timeout(deadlineMs), async (response) => {
        await response.arrayBuffer()
        return response.headers
      }),
  }
}
