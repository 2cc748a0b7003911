import type { StatementResult } from '@warren/influxql/answers/result'
import type { AnswerBytes } from '@warren/stores/answer-bytes'
import { takeParsed } from '@warren/stores/answer-share'
import { parseExactly } from '@warren/stores/influx/parse-exactly'
import type { FreshAnswer } from '../answer-query.ts'
import { AnswerBody } from './answer-body.ts'
import { sizeOfText } from './answer-size.ts'
import { BodyBytes, ownCopy } from './body-bytes.ts'
import type { EncodeOptions } from './encoded-body.ts'
import { requireSize } from './pieces.ts'

/** More are sent on piece by piece and not kept: nobody makes rows of them. */
const mostReadBytes = 4 * 1024 ** 2

const noRows = (): never => {
  throw new Error('BUG: an answer that may come as bytes has no rows')
}

/** An answer that came as bytes, which are those that are sent. Rows are made of it only where somebody reads it. */
export function toBytesAnswer(answer: AnswerBytes): FreshAnswer {
  return answer.bytes > mostReadBytes ? toLargeAnswer(answer) : toSmallAnswer(answer)
}

/** Nobody keeps it: it is for those who wait. */
function toLargeAnswer({ pieces, bytes, rows }: AnswerBytes): FreshAnswer {
  const encode = async ({ maxBytes }: EncodeOptions) => {
    requireSize(bytes, maxBytes)
    return { plain: new BodyBytes(pieces) }
  }
  const body = new AnswerBody({ pieces, bytes, rows, encode })
  return {
    ...{ body, rows: noRows, read: noRows },
    ...{ isAsItCame: true, isWhole: false, firstError: undefined },
  }
}

function toSmallAnswer({ pieces, bytes, rows, mayBeCut }: AnswerBytes): FreshAnswer {
  // What they are parts of may be larger, and the answer may be kept.
  const own = ownCopy(pieces)
  const encode = async ({ maxBytes }: EncodeOptions) => {
    requireSize(bytes, maxBytes)
    return { plain: new BodyBytes([own]) }
  }
  return {
    body: new AnswerBody({ rows, bytes: sizeOfText(bytes), encode }),
    rows: noRows,
    isAsItCame: true,
    isWhole: !mayBeCut,
    firstError: undefined,
    read: async (share) => {
      await takeParsed(share, bytes)
      return (parseExactly(own.toString()) as { results: readonly StatementResult[] }).results
    },
  }
}
