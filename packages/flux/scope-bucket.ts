import { FluxError, notAccepted } from './flux-error.ts'
import type { FluxScope } from './flux-scope.ts'
import type { Call, Expr } from './tree.ts'

/** A call that reads a bucket, of the tenant's own: its name is a text, so that it is known here, and no argument chooses another server, organisation or token. */
export function readBucket(call: Call, scope: FluxScope, accepted: ReadonlySet<string>): Call {
  const { args } = call
  const odd = args.find(({ key }) => !accepted.has(key))
  if (odd !== undefined)
    throw notAccepted(`the argument ${JSON.stringify(odd.key)} of what reads a bucket`)
  const named = args.filter(({ key }) => key === 'bucket')
  const [bucket] = named
  if (named.length !== 1 || bucket?.value?.kind !== 'string')
    throw notAccepted('a bucket that is not named by one text, as in bucket: "warren",')
  const { value } = bucket.value
  if (value !== scope.bucket)
    throw new FluxError(`could not find bucket ${JSON.stringify(value)}`, 'bucket_not_found')
  const own = { key: 'bucket', value: text(scope.physical) }
  return { ...call, args: args.map((arg) => (arg.key === 'bucket' ? own : arg)) }
}

const text = (value: string): Expr => ({ kind: 'string', value })

/** `buckets()` as the list of the only one: the store's own would name those of all tenants. */
export function listBuckets(call: Call, { bucket }: FluxScope): Call {
  if (call.args.length > 0) throw notAccepted('an argument of buckets()')
  const row: Expr = {
    kind: 'record',
    properties: [
      { key: 'name', value: text(bucket) },
      { key: 'id', value: text('') },
      { key: 'organizationID', value: text('') },
      { key: 'retentionPolicy', value: text('') },
      { key: 'retentionPeriod', value: { kind: 'literal', text: '0' } },
    ],
  }
  return {
    kind: 'call',
    callee: { kind: 'member', of: { kind: 'identifier', name: 'array' }, name: 'from' },
    args: [{ key: 'rows', value: { kind: 'array', items: [row] } }],
  }
}
