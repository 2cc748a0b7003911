import type { Request } from 'express'
import type { z } from 'zod'
import { type FieldError, Refusal } from './refusal.ts'
import { searchParamsOf } from './search-params.ts'

const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

function toErrors(issue: z.core.$ZodIssue, root: string): FieldError[] {
  const at = (path: readonly PropertyKey[]): string =>
    root + path.map((key) => `/${escapePointer(String(key))}`).join('')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: at([...issue.path, key]), detail: 'unknown' }))
  return [{ pointer: at(issue.path), detail: issue.message }]
}

function parse(schema: z.ZodType, value: unknown, root: string): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.flatMap((issue) => toErrors(issue, root))
  const detail = errors.map(({ pointer, detail: text }) => `${pointer}: ${text}`).join('; ')
  throw new Refusal('invalid', detail, { errors })
}

/** The query parameters as the schema reads them; unknown and repeated ones are refused. */
export function parseQuery(schema: z.ZodObject | undefined, request: Request): unknown {
  const given = searchParamsOf(request)
  const values: Record<string, string> = {}
  for (const [name, value] of given) {
    const known = schema !== undefined && Object.hasOwn(schema.shape, name)
    const detail = known ? 'given twice' : 'unknown'
    if (!known || Object.hasOwn(values, name))
      throw new Refusal('invalid', `query parameter ${name}: ${detail}`, {
        errors: [{ pointer: `?${name}`, detail }],
      })
    values[name] = value
  }
  return schema === undefined ? undefined : parse(schema, values, '?')
}

/** The JSON body as the schema reads it; pointers are RFC 6901. */
export function parseBody(schema: z.ZodType | undefined, request: Request): unknown {
  if (schema === undefined) return undefined
  // Another site can post forms and plain text without asking; JSON it cannot.
  if (!request.is('application/json'))
    throw new Refusal('unsupported_media_type', 'send Content-Type: application/json')
  return parse(schema, request.body, '')
}
