/** An answer as the bytes that its asker gets, so large that nobody makes rows of it. */
export interface LargeAnswer {
  readonly pieces: readonly Uint8Array[]
  /** Of all pieces. */
  readonly bytes: number
  /** Of all series. */
  readonly rows: number
}
