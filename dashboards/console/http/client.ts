import { type Problem, problemSchema } from '@warren/contracts/http/problem'
import type { z } from 'zod'

/** The api is where the page came from, below whatever path that was. */
export const apiUrl = (path: string): URL => new URL(path, document.baseURI.replace(/[#?].*$/, ''))

/** An answer that is not a success, with what the api said about it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly problem: Problem | undefined

  constructor(status: number, message: string, problem?: Problem) {
    super(message)
    this.status = status
    this.problem = problem
  }
}

async function toError(response: Response): Promise<ApiError> {
  const text = await response.text()
  try {
    const body: unknown = JSON.parse(text)
    const problem = problemSchema.safeParse(body)
    if (problem.success) return new ApiError(response.status, problem.data.detail, problem.data)
    const { error } = body as { error?: string | { reason?: string } }
    const reason = typeof error === 'string' ? error : error?.reason
    return new ApiError(response.status, reason ?? `the api answered ${response.status}`)
  } catch {
    return new ApiError(response.status, `the api answered ${response.status}`)
  }
}

export interface SendOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly body?: string | URLSearchParams
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** Longer than the api gives a query. */
const timeoutMs = 30_000

function toFailure(error: unknown): unknown {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'AbortError') return error
  if (name === 'TimeoutError')
    return new ApiError(0, `Warren has not answered for ${timeoutMs / 1000} s: Status may say why.`)
  return new ApiError(0, 'Warren cannot be reached: is it running, and is this computer online?')
}

/** Sends a request with the session's cookie; throws an `ApiError` for anything but a success, or when the api cannot be reached or does not answer. */
export async function send(path: string, options: SendOptions = {}): Promise<Response> {
  const { method = 'GET', body, contentType, headers, signal } = options
  const response = await fetch(apiUrl(path), {
    method,
    // Another site cannot set it without being asked first: it tells our requests from forged ones.
    headers: {
      'x-warren-console': '1',
      ...headers,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
  }).catch((error: unknown) => {
    throw toFailure(error)
  })
  if (!response.ok) throw await toError(response)
  return response
}

/** Reads an answer that must have a shape. */
export async function read<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  options?: SendOptions,
): Promise<z.output<Schema>> {
  const response = await send(path, options)
  return schema.parse(await response.json())
}

/** A body of JSON. */
export const json = (value: unknown): Pick<SendOptions, 'body' | 'contentType'> => ({
  body: JSON.stringify(value),
  contentType: 'application/json',
})
