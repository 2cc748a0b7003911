import { ScopeError } from './scope/error.ts'
import type { Source, Statement } from './tree.ts'

/** Retention policies that hold rollups, in every tenant's database, the finest first. */
export const rollupNames = ['5m', '1h'] as const

export type RollupName = (typeof rollupNames)[number]

/** Of one window, nanoseconds; each divides a day. */
export const rollupStepNs: Readonly<Record<RollupName, bigint>> = {
  '5m': 300_000_000_000n,
  '1h': 3_600_000_000_000n,
}

/** What may be said for the policy of raw points: as InfluxDB creates it, and as clients say that they mean no policy. */
const defaults: ReadonlySet<string> = new Set(['autogen', 'default'])

/** Undefined for the policy of raw points. Throws a `ScopeError` unless it is one that every tenant has. */
export function readPolicy(name: string): RollupName | undefined {
  if (defaults.has(name)) return undefined
  const found = rollupNames.find((each) => each === name)
  if (found !== undefined) return found
  throw new ScopeError(`retention policy not found: ${name}`, 'policy_not_found')
}

/** The retention policies that a scoped statement reads; undefined stands for the default one. */
export const policiesOf = (statement: Statement): ReadonlySet<string | undefined> =>
  new Set(namesIn(statement))

function namesIn(statement: Statement): readonly (string | undefined)[] {
  if (statement.kind === 'select') return statement.sources.flatMap(namesInSource)
  if (statement.kind === 'show measurements')
    return [...own(statement.policy), ...(statement.source ? [statement.source.policy] : [])]
  return 'sources' in statement ? statement.sources.map(({ policy }) => policy) : []
}

const own = (policy: string | undefined): readonly string[] =>
  policy === undefined ? [] : [policy]

const namesInSource = (source: Source): readonly (string | undefined)[] =>
  source.kind === 'measurement' ? [source.policy] : namesIn(source.select)
