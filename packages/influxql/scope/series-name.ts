import { nameOfField } from '../evaluate/expressions/field-name.ts'
import { mapReferences } from '../evaluate/expressions/references.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { Expr, Reference } from '../expression.ts'
import type { Field, Measurement, SelectStatement } from '../tree.ts'
import { binary, isTag } from './tag-condition.ts'

/** Where the points are that a series of Cloudify's had. */
export interface SeriesAddress {
  readonly deployment: string
  readonly node: string
  readonly instance: string
  readonly measurement: string
  readonly field: string
}

/** The one column that such a series had for its numbers (cloudify-amqp-influxdb, amqp_influxdb/__init__.py). */
const column = 'value'
/** Each way to cut a name is looked at. */
const mostSegments = 24

const join = (segments: readonly string[]): string => segments.join('.')

/** Of `deployment.node.instance`, each of which may have dots: an instance is called as its node, with an underscore and more. The longest deployment where several would do. */
function readOwner(
  segments: readonly string[],
): Pick<SeriesAddress, 'deployment' | 'node' | 'instance'> | undefined {
  for (let nodeAt = segments.length - 2; nodeAt > 0; nodeAt--)
    for (let instanceAt = segments.length - 1; instanceAt > nodeAt; instanceAt--) {
      const node = join(segments.slice(nodeAt, instanceAt))
      const instance = join(segments.slice(instanceAt))
      if (instance.startsWith(`${node}_`))
        return { deployment: join(segments.slice(0, nodeAt)), node, instance }
    }
  const [deployment, node, instance, ...more] = segments
  if (deployment === undefined || node === undefined || instance === undefined) return undefined
  return more.length === 0 ? { deployment, node, instance } : undefined
}

/**
 * A series' name as Cloudify's poller made it: `<deployment>.<node>.<instance>.<name>_<path>` (cloudify-amqp-influxdb, amqp_influxdb/__init__.py).
 * The path has no dots and may have underscores, so the name ends at the first of them. Undefined: it is no such name.
 */
export function readSeriesName(name: string): SeriesAddress | undefined {
  const segments = name.split('.')
  if (segments.length > mostSegments || segments.includes('')) return undefined
  const [, measurement, field] = /^([^_]+)_(.+)$/s.exec(segments.pop() ?? '') ?? []
  const owner = readOwner(segments)
  if (owner === undefined || measurement === undefined || field === undefined) return undefined
  return { ...owner, measurement, field }
}

/** The SELECT from measurements, of which one that is called as a series of Cloudify's stands for its points. Throws `EvaluationError` for several. */
export function bySeriesName(
  select: SelectStatement,
  sources: readonly Measurement[],
): SelectStatement {
  const [source, ...others] = sources
  const address = source?.name === undefined ? undefined : readSeriesName(source.name)
  if (others.some(({ name }) => name !== undefined && readSeriesName(name) !== undefined))
    throw severalSeries()
  if (source === undefined || address === undefined) return select
  if (others.length > 0) throw severalSeries()
  return {
    ...select,
    fields: select.fields.map((field) => ownField(field, address)),
    sources: [{ ...source, name: address.measurement }],
    condition: ownCondition(select.condition, address),
  }
}

const severalSeries = (): EvaluationError =>
  new EvaluationError(
    'a SELECT takes one series by its name: ask for several in statements of their own, or by measurement and tags',
  )

/** The points' field in place of the column, which keeps its name in the answer. */
function ownField(given: Field, address: SeriesAddress): Field {
  const { expr } = given
  if (expr.kind === 'wildcard')
    return { expr: toField({ kind: 'reference', name: column }, address), alias: column }
  const own = mapReferences(expr, (each) => toField(each, address))
  const wanted = nameOfField(given)
  return nameOfField({ ...given, expr: own }) === wanted
    ? { ...given, expr: own }
    : { expr: own, alias: wanted }
}

const toField = (reference: Reference, { field }: SeriesAddress): Reference =>
  reference.name === column && reference.type !== 'tag' ? { ...reference, name: field } : reference

function ownCondition(condition: Expr | undefined, address: SeriesAddress): Expr {
  const { deployment, node, instance } = address
  const place = binary('AND', isTag('deployment', deployment), isTag('node', node))
  const own = binary('AND', place, isTag('instance', instance))
  if (condition === undefined) return own
  const expr = mapReferences(condition, (each) => toField(each, address))
  return binary('AND', own, { kind: 'paren', expr })
}
