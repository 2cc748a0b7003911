import { toGoJson } from '@warren/influxql/go-json'
import { AnswerBody, type EncodedBody } from './answer-body.ts'
import type { MetricAnswer } from './answer-query.ts'
import { BodyBytes } from './body-bytes.ts'

const end = Buffer.from('}]}\n')

/** The answer to one statement with a warning of InfluxDB's form. The body may be shared with those whom it does not concern, so it is another one. */
export function withWarning(answer: MetricAnswer, text: string): MetricAnswer {
  const { body } = answer
  const message = Buffer.from(`,"messages":${toGoJson([{ level: 'warning', text }])}`)
  const encode = async (maxBytes: number): Promise<EncodedBody> => {
    const plain = (await body.encoded({ pretty: false, maxBytes })).join()
    if (!plain.subarray(-end.length).equals(end)) throw new Error('BUG: a body ends otherwise')
    return { plain: new BodyBytes([plain.subarray(0, -end.length), message, end]) }
  }
  const { rows, bytes } = body
  return { ...answer, body: new AnswerBody({ rows, bytes: bytes + message.length, encode }) }
}
