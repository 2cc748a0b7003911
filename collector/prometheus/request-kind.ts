import type { IncomingHttpHeaders } from 'node:http'
import { HttpError } from '../http-error.ts'
import type { RequestKind } from './request.ts'
import { writeRequest } from './write-request.ts'
import { writeRequestV2 } from './write-request-v2.ts'

const unsupported = (message: string): HttpError => new HttpError(415, 'invalid', { message })

const kinds = [writeRequest, writeRequestV2]

/** The message that the content type names, 1.0's when it names none; undefined for another one: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#protocol */
function kindOf(parameters: readonly string[]): RequestKind | undefined {
  const proto = parameters.find((parameter) => parameter.startsWith('proto='))
  if (proto === undefined) return writeRequest
  return kinds.find(({ name }) => proto === `proto=${name.toLowerCase()}`)
}

const parametersOf = ({ 'content-type': type = '' }: IncomingHttpHeaders): string[] =>
  type
    .toLowerCase()
    .trim()
    .split(/\s*;\s*/)

/** Whether what was written is to be said in headers. */
export const isV2 = (headers: IncomingHttpHeaders): boolean =>
  kindOf(parametersOf(headers).slice(1)) === writeRequestV2

/** Throws the 415 for what is not remote write, after which a sender of a later version goes back to an earlier one. */
export function requestKind(headers: IncomingHttpHeaders): RequestKind {
  const [type = '', ...parameters] = parametersOf(headers)
  if (type !== 'application/x-protobuf')
    throw unsupported(`unsupported content type: ${type}, application/x-protobuf is`)
  const encoding = headers['content-encoding']
  if (encoding !== 'snappy')
    throw unsupported(`unsupported content encoding: ${encoding}, snappy is`)
  const kind = kindOf(parameters)
  if (kind !== undefined) return kind
  const known = kinds.map(({ name }) => name).join(' and ')
  throw unsupported(`unsupported message of remote write: ${known} are`)
}
