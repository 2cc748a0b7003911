import { type RollupName, readPolicy } from '../rollup-policy.ts'
import type { Measurement } from '../tree.ts'
import { notAuthorized, ScopeError } from './error.ts'

/** InfluxDB answers these names from its index, past every condition. */
const systemNames: ReadonlySet<string> = new Set([
  '_fieldKeys',
  '_measurements',
  '_series',
  '_tagKeys',
  '_tags',
])

/** Throws unless the name is absent or what clients call their only database. */
export function requireDatabase(name: string | undefined, own: string): void {
  if (name !== undefined && name !== own)
    throw new ScopeError(`database not found: ${name}`, 'database_not_found')
}

/** The policy to name in the statement: none for that of raw points, `absent` where it names none. */
export function scopePolicy(
  name: string | undefined,
  absent?: RollupName,
): { readonly policy?: RollupName } {
  const policy = name === undefined ? absent : readPolicy(name)
  return policy === undefined ? {} : { policy }
}

/** The measurement without database, which has one value, and with a policy only where it is not that of raw points. */
export function scopeMeasurement(
  source: Measurement,
  scope: { readonly database: string; readonly policy?: RollupName | undefined },
): Measurement {
  requireDatabase(source.database, scope.database)
  const policy = scopePolicy(source.policy, scope.policy)
  if (source.regex !== undefined) return { kind: 'measurement', ...policy, regex: source.regex }
  if (source.name === undefined || systemNames.has(source.name))
    throw notAuthorized('a statement on system measurements')
  return { kind: 'measurement', ...policy, name: source.name }
}
