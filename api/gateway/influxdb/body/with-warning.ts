import { toGoJson } from '@warren/influxql/answers/go-json'
import type { MetricAnswer } from '../answer-query.ts'
import { AnswerBody } from './answer-body.ts'
import { BodyBytes } from './body-bytes.ts'
import type { EncodedBody, EncodeOptions } from './encoded-body.ts'

const end = Buffer.from('}]}\n')

/** A body with something before its end. Nothing is copied but its last piece. */
function inserted(pieces: readonly Uint8Array[], message: Buffer): readonly Uint8Array[] {
  let count = pieces.length
  let last: Buffer = Buffer.alloc(0)
  while (last.length < end.length && count > 0) {
    count -= 1
    last = Buffer.concat(pieces.slice(count))
  }
  if (!last.subarray(-end.length).equals(end)) throw new Error('BUG: a body ends otherwise')
  return [...pieces.slice(0, count), last.subarray(0, -end.length), message, end]
}

/** The answer to one statement with a warning of InfluxDB's form. The body may be shared with those whom it does not concern, so it is another one. */
export function withWarning(answer: MetricAnswer, text: string): MetricAnswer {
  const { body } = answer
  const message = Buffer.from(`,"messages":${toGoJson([{ level: 'warning', text }])}`)
  const encode = async ({ maxBytes }: EncodeOptions): Promise<EncodedBody> => {
    const plain = await body.encoded({ maxBytes })
    return { plain: new BodyBytes(inserted(plain.pieces, message)) }
  }
  const { rows } = body
  const bytes = body.bytes + message.length
  const pieces = body.pieces && inserted(body.pieces, message)
  return { ...answer, body: new AnswerBody({ rows, bytes, pieces, encode }) }
}
