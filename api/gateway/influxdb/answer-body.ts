import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { StatementResult } from '@warren/influxql/result'
import { type EncodeOptions, encodeResults } from './encode.ts'

const compress = promisify(gzip)

/** The bytes of one answer, made once for all who get it. */
export class AnswerBody {
  readonly #results: readonly StatementResult[]
  #plain: Promise<Buffer> | undefined
  #gzipped: Promise<Buffer> | undefined

  constructor(results: readonly StatementResult[]) {
    this.#results = results
  }

  /** Throws `answer_too_large`. */
  encoded(options: EncodeOptions): Promise<Buffer> {
    if (options.pretty) return encodeResults(this.#results, options)
    this.#plain ??= encodeResults(this.#results, options)
    return this.#plain
  }

  gzipped(options: EncodeOptions): Promise<Buffer> {
    if (options.pretty) return this.encoded(options).then((body) => compress(body, { level: 1 }))
    this.#gzipped ??= this.encoded(options).then((body) => compress(body, { level: 1 }))
    return this.#gzipped
  }
}
