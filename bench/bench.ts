/** One published number. */
export interface Bench {
  /** What is measured, in one line. */
  readonly about: string
  run(options: BenchOptions): Promise<Measured>
}

export interface BenchOptions {
  /** Distinct measurement names. */
  readonly names: number
  /** Tenants whose messages take turns. */
  readonly tenants: number
  /** Items to move; the bench's own default when absent. */
  readonly items: number | undefined
  /** How long a bench watches; its own default when absent. */
  readonly minutes: number | undefined
  /** Once more with a dashboard open. */
  readonly panels: boolean
  /** Folder for CPU profiles of the process that is measured; none when absent. */
  readonly profile: string | undefined
  /** Folder whose generated data are kept and used again; a new one each run when absent. */
  readonly data: string | undefined
  readonly store: 'embedded' | 'external'
}

export interface Measured {
  readonly value: number
  readonly unit: string
  /** What the product promises; the comparison is `holds`. */
  readonly mark: string
  readonly holds: boolean
  /** Whatever explains the value: CPU seconds, peak memory, sizes. */
  readonly details: Readonly<Record<string, number | string>>
}
