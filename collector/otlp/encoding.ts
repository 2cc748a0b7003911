import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { HttpError } from '../http-error.ts'
import { type MessageShape, readProtobuf } from './protobuf.ts'

/** https://opentelemetry.io/docs/specs/otlp/#otlphttp-request */
export type Encoding = 'protobuf' | 'json'

const encodings: ReadonlyMap<string, Encoding> = new Map([
  ['application/x-protobuf', 'protobuf'],
  ['application/json', 'json'],
])

export const contentTypeOf: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

/** Undefined for what is neither. */
export function encodingOf({ headers }: Pick<IncomingMessage, 'headers'>): Encoding | undefined {
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  return encodings.get(type.trim().toLowerCase())
}

interface RequestKind<Request> {
  /** As OTLP calls the message. */
  readonly name: string
  /** Both throw for what is no such request. */
  readonly fromProtobuf: (body: Buffer) => Request
  readonly fromJson: (parsed: unknown) => Request
}

/** The first problem is thrown. */
export const checkedBy =
  <Request>(schema: z.ZodType<Request>) =>
  (json: unknown): Request => {
    const parsed = schema.safeParse(json)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new Error(`${issue?.path.join('.')}: ${issue?.message}`)
  }

/** A kind whose protobuf is read to the objects of its JSON. */
export const kindOf = <Request>(
  name: string,
  { shape, schema }: { readonly shape: MessageShape; readonly schema: z.ZodType<Request> },
): RequestKind<Request> => ({
  name,
  // What the shape reads is what the schema says.
  fromProtobuf: (body) => readProtobuf(body, shape) as Request,
  fromJson: checkedBy(schema),
})

/** Throws the 415 or the 400 for a body that is no such request. */
export function readRequest<Request>(
  body: Buffer,
  request: Pick<IncomingMessage, 'headers'>,
  { name, fromProtobuf, fromJson }: RequestKind<Request>,
): Request {
  const encoding = encodingOf(request)
  if (encoding === undefined) {
    const message = `unsupported content type: ${request.headers['content-type'] ?? 'none'}, application/x-protobuf and application/json are`
    throw new HttpError(415, 'invalid', { message })
  }
  try {
    return encoding === 'protobuf' ? fromProtobuf(body) : fromJson(JSON.parse(body.toString()))
  } catch (error) {
    if (error instanceof HttpError) throw error
    const message = `not an ${name}: ${(error as Error).message}`
    throw new HttpError(400, 'invalid', { message })
  }
}
