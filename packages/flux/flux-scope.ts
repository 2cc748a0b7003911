export interface FluxScope {
  /** What clients call the only bucket they have. */
  readonly bucket: string
  /** What the store calls it. */
  readonly physical: string
}
