import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { StatementResult } from '@warren/influxql/result'
import { countRows } from './count-rows.ts'
import { type EncodeOptions, encodeResults, indent } from './encode.ts'

const compress = promisify(gzip)

/** The bytes of one answer, made once for all who get it. Then the rows are let go: they take three times as much. */
export class AnswerBody {
  readonly rows: number
  #results: readonly StatementResult[]
  #plain: Promise<Buffer> | undefined
  #gzipped: Promise<Buffer> | undefined

  constructor(results: readonly StatementResult[]) {
    this.#results = results
    this.rows = countRows(results)
  }

  /** Throws `answer_too_large`. */
  encoded(options: EncodeOptions): Promise<Buffer> {
    this.#plain ??= this.#encode(options.maxBytes)
    return options.pretty ? this.#plain.then(indent) : this.#plain
  }

  gzipped(options: EncodeOptions): Promise<Buffer> {
    if (options.pretty) return this.encoded(options).then((body) => compress(body, { level: 1 }))
    this.#gzipped ??= this.encoded(options).then((body) => compress(body, { level: 1 }))
    return this.#gzipped
  }

  async #encode(maxBytes: number): Promise<Buffer> {
    const body = await encodeResults(this.#results, { pretty: false, maxBytes })
    this.#results = []
    return body
  }
}
