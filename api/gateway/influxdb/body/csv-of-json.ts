import { Refusal } from '../../../http/refusal.ts'
import { AnswerScan } from './answer-scan.ts'
import type { Conversion } from './conversion.ts'
import { CsvWriter } from './encode-csv.ts'

/** An answer's CSV, made of its JSON. It has no place for an error: any is thrown as a `Refusal`. */
export class CsvOfJson implements Conversion {
  readonly #writer = new CsvWriter()
  #text = ''
  readonly #scan = new AnswerScan({
    result: () => this.#writer.result(),
    series: (head) => {
      this.#text += this.#writer.series(head)
    },
    rows: (text) => {
      this.#text += this.#writer.rows(text)
    },
    error: (text) => {
      throw new Refusal('bad_request', text)
    },
  })

  add(piece: Uint8Array): Uint8Array {
    this.#scan.add(piece)
    const made = Buffer.from(this.#text)
    this.#text = ''
    return made
  }

  end(): Uint8Array {
    return new Uint8Array()
  }
}
