/** The answer to one SELECT as the bytes that its asker gets: whole, without an error, a message or a cut in it. Nobody has made rows of it. */
export interface AnswerBytes {
  readonly pieces: readonly Uint8Array[]
  /** Of all pieces. */
  readonly bytes: number
  /** Of all series. */
  readonly rows: number
}
