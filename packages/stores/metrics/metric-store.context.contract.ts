import type { ResultSeries, StatementResult, Value } from '@warren/influxql/answers/result'
import { type Point, toLine } from '@warren/lineprotocol/write'
import type { WriteOutcome } from '../write-outcome.ts'
import type { PointBatch } from './metric-store.ts'

/** 2026-03-03T12:00:00Z. */
export const noon = 1_772_539_200_000_000_000n
export const second = 1_000_000_000n
export const day = 86_400n * second

let tenants = 0
/** Tests share a store, never a tenant. */
export const newTenant = (): string => `contract${tenants++}_${process.pid}`

export function toBatch(tenant: string, lines: readonly string[]): PointBatch {
  const texts = lines.map((line) => Buffer.from(`${line}\n`))
  const starts = new Uint32Array(texts.length + 1)
  texts.forEach((text, index) => {
    starts[index + 1] = (starts[index] ?? 0) + text.length
  })
  return { tenant, bytes: new Uint8Array(Buffer.concat(texts)), starts }
}

export const cpu = (host: string, timeNs: bigint, fields: Point['fields']): string =>
  lineOf({ measurement: 'cpu', tags: { host }, fields, timeNs })

export function lineOf(point: Point): string {
  const line = toLine(point)
  if (line === undefined) throw new Error('BUG: a point without fields')
  return line
}

/** The store under test, once it reads. */
export interface ReadContext {
  write(tenant: string, ...lines: string[]): Promise<WriteOutcome>
  ask(
    tenant: string,
    text: string,
    hiddenTags?: ReadonlySet<string>,
  ): Promise<readonly StatementResult[]>
  series(tenant: string, text: string): Promise<readonly ResultSeries[]>
  rows(tenant: string, text: string): Promise<readonly (readonly Value[])[]>
  /** Closes the store and opens its data again, where it can. */
  again(): Promise<void>
}
