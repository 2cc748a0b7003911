import type { Question } from './question.ts'
import { type Reply, stateOf } from './reply.ts'

export const readerNames = ['reader', 'granted'] as const
export type ReaderName = (typeof readerNames)[number]

export interface Leak {
  readonly question: Question
  readonly what: string
}

/** Where answers come from, as `X-Warren-Cache` tells. */
export const origins = ['hit', 'partial', 'miss', 'bypass'] as const
type Origin = (typeof origins)[number]

/** How the queries of one reader went. */
export interface Counts extends Readonly<Record<Origin, number>> {
  readonly asked: number
  readonly accepted: number
  readonly withRows: number
  /** Of the accepted, by whatever they came: rollups answered all or a part. */
  readonly ofRollups: number
}

/** What one language before one store said. */
export interface Outcome extends Readonly<Record<ReaderName, Counts>> {
  readonly leaks: readonly Leak[]
  /** Answers that were kept in one world alone, once: its gateway was deaf for a moment. */
  readonly apart: number
}

export interface Compared {
  readonly reply: Reply
  /** How the two answers differ. */
  readonly what: string | undefined
  /** How it differs where they come from. */
  readonly origins: string | undefined
}

const isAccepted = ({ status, body }: Reply): boolean =>
  status === 200 && !body.includes('"error":')
/** Series of InfluxQL; hits, buckets or fields of a search. */
const hasRows = ({ body }: Reply): boolean =>
  /"values":\[\[|"hits":\[\{|"doc_count":[1-9]|"properties":\{"|"fields":\{"/.test(body)
const isOfRollups = ({ headers }: Reply): boolean =>
  /^x-warren-resolution: .*(5m|1h)$/m.test(headers)

const none = { hit: 0, partial: 0, miss: 0, bypass: 0, ofRollups: 0 }

export class Tally implements Outcome {
  readonly reader = { asked: 0, accepted: 0, withRows: 0, ...none }
  readonly granted = { asked: 0, accepted: 0, withRows: 0, ...none }
  readonly leaks: Leak[] = []
  apart = 0
  readonly #onLeak: ((leak: Leak) => void) | undefined

  constructor(onLeak: ((leak: Leak) => void) | undefined) {
    this.#onLeak = onLeak
  }

  leak(leak: Leak): void {
    this.leaks.push(leak)
    this.#onLeak?.(leak)
  }

  add(name: ReaderName, question: Question, { reply, what }: Compared): void {
    const counts = this[name]
    counts.asked++
    if (what !== undefined) this.leak({ question, what: `${name}: ${what}` })
    if (!isAccepted(reply)) return
    counts.accepted++
    if (hasRows(reply)) counts.withRows++
    if (isOfRollups(reply)) counts.ofRollups++
    const origin = origins.find((each) => each === stateOf(reply))
    if (origin !== undefined) counts[origin]++
  }
}
