/** One line, without its line feed: `bytes[start, end)`. */
export interface LineSpan {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** Where the parts of one scanned line are; offsets into the scanned bytes. Reused from line to line. */
export interface LineParts {
  measurementStart: number
  measurementEnd: number
  /** End of measurement and tags: `[measurementStart, keyEnd)` is the series key as it was written. */
  keyEnd: number
  fieldsStart: number
  fieldsEnd: number
  /** -1 when the line has no timestamp. */
  timeStart: number
  timeEnd: number
}

export const createLineParts = (): LineParts => ({
  measurementStart: 0,
  measurementEnd: 0,
  keyEnd: 0,
  fieldsStart: 0,
  fieldsEnd: 0,
  timeStart: -1,
  timeEnd: -1,
})
