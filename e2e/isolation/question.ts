export const languages = ['influxql', 'search'] as const
export type Language = (typeof languages)[number]

/** One HTTP request below the gateway's address. */
export interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export const elasticsearchPath = '/gateway/elasticsearch'
