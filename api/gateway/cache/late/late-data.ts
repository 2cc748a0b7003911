/** Points that were stored when their time was over, or that went: what is kept of that time is no longer so. */
export interface Lateness {
  readonly tenant: string
  /** Absent: of any. */
  readonly measurement?: string | undefined
  /** Inclusive, ms since the epoch. */
  readonly oldestMs: number
  readonly newestMs: number
}

/** Where the gateway hears of points that came late. */
export interface LateData {
  /** False: something may have been missed, so that nothing may be kept for long. */
  isHeard(): boolean
  /** Told of each that comes; and of `lost` when some may not have come. */
  listen(listener: { readonly late: (lateness: Lateness) => void; readonly lost: () => void }): void
}
