import type { Conversion } from './conversion.ts'

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c

const isOpening = (byte: number): boolean => byte === 0x5b || byte === 0x7b
const isClosing = (byte: number): boolean => byte === 0x5d || byte === 0x7d
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

/** Where rows of numbers end and others begin, up to before the end of the last: looked at one by one each takes five times as long. */
const rowBreaks = /(?:\],\[[-\d.nul,]+)+/y

/** Go's MarshalIndent of four spaces, over the text itself: reading the numbers would round them. */
export class Indentation implements Conversion {
  #depth = 0
  /** Within a text. */
  #isIn = false
  #isEscaped = false
  /** What was read last is a bracket that opens. */
  #isOpen = false

  add(piece: Uint8Array): Uint8Array {
    // A character for each byte: texts stay what they are.
    const text = Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1')
    let made = ''
    let from = 0
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (this.#isIn) {
        this.#readText(byte)
        continue
      }
      const rows = isClosing(byte) ? this.#rowsAt(text, at) : undefined
      if (rows !== undefined) {
        made += text.slice(from, at) + this.#laidOut(rows)
        at += rows.length - 1
        from = at + 1
        continue
      }
      const shown = isBlank(byte) ? '' : this.#shown(byte)
      if (shown === undefined) continue
      made += text.slice(from, at) + shown
      from = at + 1
    }
    return Buffer.from(made + text.slice(from), 'latin1')
  }

  end(): Uint8Array {
    return Buffer.from('\n')
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === backslash) this.#isEscaped = true
    else if (byte === quote) this.#isIn = false
  }

  #rowsAt(text: string, at: number): string | undefined {
    if (this.#isOpen) return undefined
    rowBreaks.lastIndex = at
    return rowBreaks.exec(text)?.[0]
  }

  #laidOut(rows: string): string {
    const inner = this.#line()
    const outer = inner.slice(0, -4)
    return rows
      .replaceAll('],[', '\0')
      .replaceAll(',', `,${inner}`)
      .replaceAll('\0', `${outer}],${outer}[${inner}`)
  }

  /** What stands for a byte; undefined: itself. */
  #shown(byte: number): string | undefined {
    const before = this.#before(byte)
    this.#isOpen = isOpening(byte)
    this.#isIn = byte === quote
    const after = byte === comma ? this.#line() : byte === colon ? ' ' : ''
    if (before === '' && after === '') return undefined
    return before + String.fromCharCode(byte) + after
  }

  #before(byte: number): string {
    if (isClosing(byte)) {
      if (this.#isOpen) return ''
      this.#depth -= 1
      return this.#line()
    }
    if (!this.#isOpen) return ''
    this.#depth += 1
    return this.#line()
  }

  #line(): string {
    return `\n${'    '.repeat(this.#depth)}`
  }
}
