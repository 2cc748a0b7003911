import type { IncomingMessage } from 'node:http'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { Response } from 'express'
import type { HttpError } from '../http-error.ts'
import { contentTypeOf, encodingOf } from './encoding.ts'

/** What a request's answer calls the items that were refused. */
export type Rejected = 'rejectedDataPoints' | 'rejectedLogRecords' | 'rejectedSpans'

/** `partial_success` of an answer; absent when all is taken. */
export interface PartialSuccess {
  readonly rejected: number
  readonly message: string
}

const send = (
  response: Response,
  forms: { readonly json: object; readonly protobuf: Uint8Array },
) => {
  // Who sent something else is answered in JSON.
  const encoding = encodingOf(response.req) ?? 'json'
  response.set('Content-Type', contentTypeOf[encoding])
  response.end(encoding === 'json' ? JSON.stringify(forms.json) : forms.protobuf)
}

function toBytes({ rejected, message }: PartialSuccess): Uint8Array {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.LengthDelimited).fork()
  writer.tag(1, WireType.Varint).int64(rejected)
  return writer.tag(2, WireType.LengthDelimited).string(message).join().finish()
}

/** https://opentelemetry.io/docs/specs/otlp/#otlphttp-response: the fields of all three messages have the same numbers. */
export function answerTaken(
  response: Response,
  name: Rejected,
  partial: PartialSuccess | undefined,
): void {
  if (partial === undefined) send(response, { json: {}, protobuf: new Uint8Array() })
  else {
    const { rejected, message } = partial
    const json = { partialSuccess: { [name]: String(rejected), errorMessage: message } }
    send(response, { json, protobuf: toBytes(partial) })
  }
}

/** Codes of https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto by status. */
const codes: ReadonlyMap<number, number> = new Map([
  [400, 3],
  [401, 16],
  [413, 11],
  [415, 3],
  [429, 8],
  [503, 14],
])
const internal = 13

type Failure = Pick<HttpError, 'status' | 'message'>

/** A `google.rpc.Status`: https://opentelemetry.io/docs/specs/otlp/#failures-1 */
function toStatus({ status, message }: Failure) {
  const code = codes.get(status) ?? internal
  const writer = new BinaryWriter()
  writer.tag(1, WireType.Varint).int32(code)
  writer.tag(2, WireType.LengthDelimited).string(message)
  return { json: { code, message }, protobuf: writer.finish() }
}

export const answerError = (response: Response, error: HttpError): void =>
  send(response, toStatus(error))

/** The same before any route has seen the request; undefined for one of another protocol. */
export function statusFor(
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  failure: Failure,
): { readonly contentType: string; readonly body: string | Uint8Array } | undefined {
  if (!/^\/v1\/(?:metrics|logs|traces)(?:\?|$)/.test(url)) return undefined
  const { json, protobuf } = toStatus(failure)
  const encoding = encodingOf({ headers }) ?? 'json'
  const body = encoding === 'json' ? JSON.stringify(json) : protobuf
  return { contentType: contentTypeOf[encoding], body }
}
