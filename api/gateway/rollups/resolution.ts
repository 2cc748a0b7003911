import { policiesOf, type RollupName, rollupNames } from '@warren/influxql/rollup-policy'
import type { Statement } from '@warren/influxql/tree'

export type Resolution = 'raw' | RollupName

const order: readonly Resolution[] = ['raw', ...rollupNames]

/** What a statement names; nothing of what reads no values. */
export const resolutionsOf = (statement: Statement): readonly Resolution[] =>
  statement.kind === 'select' ? [...policiesOf(statement)].map(toResolution) : []

const toResolution = (policy: string | undefined): Resolution =>
  rollupNames.find((name) => name === policy) ?? 'raw'

/** The value of `X-Warren-Resolution`, as `raw+5m`; undefined when nothing was read. */
export function printResolutions(found: Iterable<Resolution>): string | undefined {
  const all = new Set(found)
  return all.size === 0 ? undefined : order.filter((each) => all.has(each)).join('+')
}
