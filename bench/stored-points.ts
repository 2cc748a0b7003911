import type { LineBatch } from '@warren/stores/write-outcome'
import { type PointsOptions, pointMessages } from './workload.ts'

const perBatch = 5000

/** Lines as a store takes them, each with its end. */
export function toLineBatch(tenant: string, lines: readonly string[]): LineBatch {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  const starts = new Uint32Array(lines.length + 1)
  for (let at = 0; at < lines.length; at += 1)
    starts[at + 1] = (starts[at] ?? 0) + Buffer.byteLength(lines[at] ?? '') + 1
  return { tenant, bytes, starts }
}

/** As the poller prints it: every number a float. */
const asFloats = (line: string): string => line.replace(/i(?= \d+$)/, '')

/** The points of every published figure as a store takes them, of one tenant. */
export function* storedPoints(
  options: Pick<PointsOptions, 'count' | 'names' | 'startMs'>,
): Generator<LineBatch> {
  for (const { body } of pointMessages({ ...options, perMessage: perBatch, tenants: 1 }))
    yield toLineBatch('default', body.toString().trimEnd().split('\n').map(asFloats))
}
