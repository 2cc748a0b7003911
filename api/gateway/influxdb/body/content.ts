import type { RoomShare } from '../../memory/room-share.ts'
import type { AnswerType } from './accepted-type.ts'
import type { AnswerBody } from './answer-body.ts'
import { BodyBytes, type LongBody } from './body-bytes.ts'
import { conversionBytes, convert } from './conversion.ts'
import { CsvOfJson } from './csv-of-json.ts'
import type { EncodeOptions } from './encoded-body.ts'
import { Indentation } from './indentation.ts'
import { requireSize } from './pieces.ts'

/** How the bytes of an answer are to look. */
export interface Shape {
  readonly type: AnswerType
  readonly pretty: boolean
}

/** A body, in one piece where it is not long. */
export type Content = BodyBytes | LongBody

export const isLong = (content: Content): content is LongBody => !(content instanceof BodyBytes)

/** What it takes of the memory until it has been sent. */
export const heldBytesOf = (content: Content): number =>
  isLong(content) ? content.heldBytes : content.length

interface ContentOptions extends EncodeOptions {
  /** Of who asked: what its shape takes beside the answer. */
  readonly share: RoomShare
}

export const isPlain = ({ type, pretty }: Shape): boolean => type === 'application/json' && !pretty

/** The bytes of an answer, made of its JSON where they are to look otherwise: it is kept as that. Throws `answer_too_large`. */
export async function contentOf(
  body: AnswerBody,
  shape: Shape,
  { maxBytes, isPacked, share }: ContentOptions,
): Promise<Content> {
  const { bytes, pieces } = body
  if (isPlain(shape)) {
    if (pieces === undefined) return body.encoded({ maxBytes, isPacked })
    requireSize(bytes, maxBytes)
    return { length: bytes, heldBytes: bytes, pieces }
  }
  await share.take(conversionBytes)
  const source = pieces ?? (await body.encoded({ maxBytes })).pieces
  const begin = () => (shape.type === 'application/json' ? new Indentation() : new CsvOfJson())
  return convert(source, begin, { maxBytes, signal: share.signal })
}
