import type { AnswerShare } from './answer-share.ts'

/** What a program of Flux answers in: https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/ */
export interface FluxDialect {
  readonly header: boolean
  readonly delimiter: string
  readonly annotations: readonly ('datatype' | 'group' | 'default')[]
  readonly dateTimeFormat: 'RFC3339' | 'RFC3339Nano'
}

export interface FluxQuestion {
  readonly tenant: string
  /** Scoped already: it reads the tenant's own bucket, by its physical name. */
  readonly program: string
  readonly dialect: FluxDialect
  /** What `now()` means, RFC 3339; the store's own clock when absent. */
  readonly now?: string | undefined
  readonly signal: AbortSignal
  /** What the answer takes of the memory for answers. */
  readonly share?: AnswerShare | undefined
}

export type FluxAnswer =
  | {
      readonly kind: 'csv'
      /** The whole answer, as it came; nobody else has a part of it. */
      readonly pieces: readonly Buffer[]
    }
  | {
      /** The store blames the program. */
      readonly kind: 'refused'
      readonly status: number
      readonly message: string
    }
