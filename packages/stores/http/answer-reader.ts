import { maxAnswerBytes, tooLong } from './read-answer.ts'

export interface AnswerHead {
  readonly status: number
  /** By their names in small letters; of one that comes twice, both with a comma between. */
  readonly headers: Readonly<Record<string, string>>
}

const longestHead = 64 * 1024
const longestLine = 4096
const headEnd = '\r\n\r\n'

const unreadable = (what: string): Error => new Error(`the server does not speak HTTP: ${what}`)

/** https://www.rfc-editor.org/rfc/rfc9112#section-4 and 5, a text without its last line ends. */
function parseHead(text: string): { readonly head: AnswerHead; readonly isOld: boolean } {
  const [first = '', ...lines] = text.split('\r\n')
  const [, minor, status] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(first) ?? []
  if (status === undefined) throw unreadable(JSON.stringify(first.slice(0, 100)))
  const headers: Record<string, string> = Object.create(null)
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) throw unreadable('a header without a name')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before}, ${value}`
  }
  return { head: { status: Number(status), headers }, isOld: minor === '0' }
}

/** Reads what is left of bytes, returns what it has left of them. */
type Read = (bytes: Buffer) => Buffer

const nothing: Buffer = Buffer.alloc(0)

/** One answer, read from the bytes of a connection as they come: https://www.rfc-editor.org/rfc/rfc9112#section-6 */
export class AnswerReader {
  head: AnswerHead | undefined
  /** Of the body, as they came. */
  readonly pieces: Buffer[] = []
  bytes = 0
  /** The connection may be used for another one after it. */
  mayGoOn = true
  /** Undefined: it is whole. */
  #read: Read | undefined = (bytes) => this.#readHead(bytes)
  #kept: Buffer = nothing
  #left = 0
  #isUntilClose = false

  /** True: the answer is whole. Throws when the bytes are none, and `answer_too_large` as soon as there are more than `maxAnswerBytes`. */
  push(bytes: Buffer): boolean {
    let rest = bytes
    while (this.#read !== undefined && rest.length > 0) rest = this.#read(rest)
    if (rest.length > 0) this.mayGoOn = false
    return this.#read === undefined
  }

  /** The connection has ended. True: that is the end of the answer. */
  end(): boolean {
    if (this.#isUntilClose) this.#read = undefined
    return this.#read === undefined
  }

  /** Bytes up to a mark with what was kept before, or undefined: they are kept. */
  #upTo(bytes: Buffer, mark: string, longest: number): { text: string; rest: Buffer } | undefined {
    const all = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes])
    const end = all.indexOf(mark, 0, 'latin1')
    if (end > longest || (end < 0 && all.length > longest)) throw unreadable('a line has no end')
    this.#kept = end < 0 ? all : nothing
    if (end < 0) return undefined
    return { text: all.toString('latin1', 0, end), rest: all.subarray(end + mark.length) }
  }

  #readHead(bytes: Buffer): Buffer {
    const found = this.#upTo(bytes, headEnd, longestHead)
    if (found === undefined) return nothing
    const { isOld, head } = parseHead(found.text)
    // Those below 200 come before the answer.
    if (head.status < 200) return found.rest
    this.head = head
    this.mayGoOn = !isOld && !/\bclose\b/i.test(head.headers['connection'] ?? '')
    this.#read = this.#bodyOf(head)
    return found.rest
  }

  #bodyOf({ status, headers }: AnswerHead): Read | undefined {
    if (status === 204 || status === 304) return undefined
    const { 'transfer-encoding': coding, 'content-length': length } = headers
    if (coding !== undefined) {
      if (coding.toLowerCase() !== 'chunked' || length !== undefined)
        throw unreadable('a body of unknown form')
      return (bytes) => this.#readSize(bytes)
    }
    if (length === undefined) {
      this.#isUntilClose = true
      this.mayGoOn = false
      return (bytes) => this.#take(bytes)
    }
    if (!/^\d{1,15}$/.test(length)) throw unreadable('a body of unknown length')
    this.#left = Number(length)
    return this.#left === 0 ? undefined : (bytes) => this.#readPart(bytes, undefined)
  }

  #take(bytes: Buffer): Buffer {
    this.bytes += bytes.length
    if (this.bytes > maxAnswerBytes) throw tooLong()
    this.pieces.push(bytes)
    return nothing
  }

  #readPart(bytes: Buffer, then: Read | undefined): Buffer {
    const part = bytes.subarray(0, this.#left)
    this.#take(part)
    this.#left -= part.length
    if (this.#left === 0) this.#read = then
    return bytes.subarray(part.length)
  }

  /** https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
  #readSize(bytes: Buffer): Buffer {
    const line = this.#upTo(bytes, '\r\n', longestLine)
    if (line === undefined) return nothing
    const [, size] = /^([\da-f]{1,8})[\t ]*(?:;|$)/i.exec(line.text) ?? []
    if (size === undefined) throw unreadable('a chunk of unknown length')
    this.#left = Number.parseInt(size, 16)
    const afterPart: Read = (more) => this.#readPartEnd(more)
    this.#read =
      this.#left === 0
        ? (more) => this.#readTrailer(more)
        : (more) => this.#readPart(more, afterPart)
    return line.rest
  }

  #readPartEnd(bytes: Buffer): Buffer {
    const line = this.#upTo(bytes, '\r\n', longestLine)
    if (line === undefined) return nothing
    if (line.text !== '') throw unreadable('a chunk is longer than it says')
    this.#read = (more) => this.#readSize(more)
    return line.rest
  }

  #readTrailer(bytes: Buffer): Buffer {
    const line = this.#upTo(bytes, '\r\n', longestLine)
    if (line === undefined) return nothing
    if (line.text === '') this.#read = undefined
    return line.rest
  }
}
