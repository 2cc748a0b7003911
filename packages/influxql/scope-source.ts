import { notAuthorized, ScopeError } from './scope-error.ts'
import type { Measurement } from './tree.ts'

const policies: ReadonlySet<string> = new Set(['autogen', 'default'])

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

/** Throws unless the name is absent or one of the only policy. */
export function requirePolicy(name: string | undefined): void {
  if (name !== undefined && !policies.has(name))
    throw new ScopeError(`retention policy not found: ${name}`, 'policy_not_found')
}

/** The measurement without database and policy, which have one value each. */
export function scopeMeasurement(source: Measurement, own: string): Measurement {
  requireDatabase(source.database, own)
  requirePolicy(source.policy)
  if (source.regex !== undefined) return { kind: 'measurement', regex: source.regex }
  if (source.name === undefined || systemNames.has(source.name))
    throw notAuthorized('a statement on system measurements')
  return { kind: 'measurement', name: source.name }
}
