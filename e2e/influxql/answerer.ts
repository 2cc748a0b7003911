export interface Question {
  readonly text: string
  /** As in the request; absent is RFC 3339. */
  readonly epoch: string | undefined
}

/** Something that takes lines and answers InfluxQL with the bytes of an answer. */
export interface Answerer {
  /** Makes the lines durable, of a tenant of its own; throws when one is refused. */
  write(tenant: string, lines: readonly string[]): Promise<void>
  ask(tenant: string, question: Question): Promise<string>
  close(): Promise<void>
}
