/** The answer to one SELECT as the bytes that its asker gets: without an error or a message in it. Nobody has made rows of it. */
export interface AnswerBytes {
  readonly pieces: readonly Uint8Array[]
  /** Of all pieces. */
  readonly bytes: number
  /** Of all series. */
  readonly rows: number
  /** The store says of a series that it may have more rows. */
  readonly mayBeCut: boolean
}
