import type { TimeRange } from '../time-range.ts'
import type { Measurement, SelectStatement } from '../tree.ts'
import type { EvaluationContext } from './context.ts'
import type { Names } from './expand.ts'
import { matcherOf } from './expressions/compile-expression.ts'
import type { Condition } from './expressions/condition.ts'
import { toInteger } from './expressions/field-value.ts'
import { referencesIn } from './expressions/references.ts'
import type { Frame, Table } from './frame.ts'
import { type Group, groupAggregates, groupFrames, groupSeries } from './group.ts'
import { scanTable } from './load.ts'
import type { Output, OutputSeries } from './output.ts'
import { type SeriesPage, withinSeriesLimit } from './series-limit.ts'
import type { FieldType, Needs } from './source.ts'
import { strongerType } from './types/common-types.ts'
import type { Values } from './values.ts'

export interface ReadRequest {
  readonly fields: readonly string[]
  readonly range: TimeRange
  readonly condition: Condition
  readonly dimensions: readonly string[]
  /** SLIMIT and SOFFSET of sets of series with equal tags. */
  readonly series: SeriesPage
}

/** A table and how to read it. */
export interface Input {
  readonly table: Table
  /** Every row of a subquery is a row; one of a measurement needs a field that is selected. */
  readonly isSubquery: boolean
  read(request: ReadRequest): Promise<readonly Group[]>
  /** Groups with aggregates instead of values; undefined when they are to be read. */
  aggregate?(request: BucketRequest): Promise<readonly Group[] | undefined>
}

export interface BucketRequest extends ReadRequest {
  readonly starts: readonly bigint[]
  readonly widthNs: bigint
  readonly needs: Needs
}

/** The measurements that sources name, sorted, and how often each is named. */
export async function namedMeasurements(
  context: EvaluationContext,
  sources: readonly Measurement[],
): Promise<ReadonlyMap<string, number>> {
  const needsAll = sources.some(({ regex }) => regex !== undefined)
  const all = needsAll ? await context.source.measurements() : []
  const names = sources.flatMap(({ name, regex }) => {
    if (regex !== undefined) return all.filter(matcherOf(regex))
    return name === undefined ? [] : [name]
  })
  const counts = new Map<string, number>()
  for (const name of names.sort((a, b) => (a < b ? -1 : 1)))
    counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** The measurements that sources name, sorted, each once. */
export async function measurementNames(
  context: EvaluationContext,
  sources: readonly Measurement[],
): Promise<string[]> {
  return [...(await namedMeasurements(context, sources)).keys()]
}

/** Visible tags of a measurement's series. */
async function tagKeysOf(
  { source, hiddenTags }: EvaluationContext,
  name: string,
  { minNs, maxNs }: TimeRange,
): Promise<string[]> {
  const keys = new Set<string>()
  for (const { tags } of await source.series(name, minNs, maxNs))
    for (const key of tags.keys()) if (!hiddenTags.has(key)) keys.add(key)
  return [...keys]
}

/** For wildcards, and for the types of what is computed with and no field. */
export function needsTagKeys(
  { fields, dimensions }: SelectStatement,
  known: Table['fields'],
): boolean {
  const isOpen = ({ kind }: { readonly kind: string }) => kind === 'wildcard' || kind === 'regex'
  if (dimensions.some(isOpen) || fields.some(({ expr }) => isOpen(expr))) return true
  const operands = fields.flatMap(({ expr }) => (expr.kind === 'binary' ? referencesIn(expr) : []))
  return operands.some(({ name }) => !known.has(name))
}

/** What it has in the shards of the query's range. */
export async function openMeasurement(
  context: EvaluationContext,
  name: string,
  {
    shards,
    needsTags,
    copies,
  }: {
    readonly shards: TimeRange
    readonly needsTags: (fields: Table['fields']) => boolean
    /** How often it is named: so often each of its points counts. */
    readonly copies: number
  },
): Promise<Input> {
  const fields = await context.source.fields(name, shards)
  const tagKeys = needsTags(fields) ? await tagKeysOf(context, name, shards) : []
  const table = { name, fields, tagKeys }
  return {
    table,
    isSubquery: false,
    read: async (request) => {
      const limited = await withinSeriesLimit(context, name, request)
      const series = await scanTable(context, table, limited)
      const all = Array.from({ length: copies }, () => series).flat()
      return groupSeries(all, request.dimensions)
    },
    aggregate: async (request) => {
      if (copies > 1) return undefined
      const limited = await withinSeriesLimit(context, name, request)
      return aggregateTable(context, table, { ...request, ...limited })
    },
  }
}

async function aggregateTable(
  { source, signal }: EvaluationContext,
  { name, fields: types }: Table,
  { range, condition, ...request }: BucketRequest,
): Promise<readonly Group[] | undefined> {
  signal?.throwIfAborted()
  const { mayMatch: matches, equals } = condition
  const found = await source.aggregate?.({
    ...request,
    ...range,
    types,
    measurement: name,
    matches,
    equals,
  })
  return found === undefined ? undefined : groupAggregates(found, request.dimensions)
}

function frameOf(series: OutputSeries, { names, types }: Output, ascending: boolean): Frame {
  const order = <T>(items: readonly T[]): readonly T[] => (ascending ? items : items.toReversed())
  const columns = series.columns.map((column, at) => {
    const values = types[at] === 'integer' ? integersOf(column) : column
    return [names[at] ?? '', ascending ? values : values.toReversed()] as const
  })
  return {
    tags: series.tags,
    times: order(series.times),
    columns: new Map(columns),
    isAggregate: series.isAggregate === true,
    isRun: series.isRun === true,
    ...(series.ranks === undefined ? {} : { ranks: order(series.ranks) }),
  }
}

/** A quotient of integers is an integer to the query around it. */
const integersOf = (column: Values): Values =>
  Array.from(column, (value) => (typeof value === 'number' ? toInteger(value) : value))

/** The results of subqueries as tables, one for each name. */
export function openOutputs(outputs: readonly Output[], ascending: boolean): Input[] {
  const names = new Set(outputs.flatMap(({ series }) => series.map(({ name }) => name)))
  return [...names]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const frames = outputs.flatMap((output) => framesOf(output, name, ascending))
      return {
        table: tableOf(outputs, name),
        isSubquery: true,
        // The pages of its series are those of the measurement within.
        read: async ({ condition, dimensions }) =>
          groupFrames(
            frames.filter(({ tags }) => condition.mayMatch(tags)),
            dimensions,
          ),
      }
    })
}

function framesOf(output: Output, name: string, ascending: boolean): Frame[] {
  const own = output.series.filter((one) => one.name === name)
  return own.map((one) => frameOf(one, output, ascending))
}

function tableOf(outputs: readonly Output[], name: string): Table {
  const fields = new Map<string, FieldType>()
  const tagKeys = new Set<string>()
  const others = new Set<string>()
  for (const { names, types, areTags, dimensions, series } of outputs) {
    if (!series.some((one) => one.name === name)) continue
    for (const [at, column] of names.entries()) {
      fields.set(column, strongerType(types[at] ?? 'float', fields.get(column)))
      if (areTags[at] !== true) others.add(column)
    }
    for (const key of dimensions) tagKeys.add(key)
  }
  const tagFields = new Set([...fields.keys()].filter((each) => !others.has(each)))
  return { name, fields, tagKeys: [...tagKeys], tagFields }
}

export function namesOf(inputs: readonly Input[]): Names {
  const fields = new Map<string, FieldType>()
  const tagKeys = new Set<string>()
  const others = new Set<string>()
  for (const { table } of inputs) {
    for (const [name, type] of table.fields) fields.set(name, strongerType(type, fields.get(name)))
    for (const name of table.fields.keys())
      if (table.tagFields?.has(name) !== true) others.add(name)
    for (const key of table.tagKeys) tagKeys.add(key)
  }
  return {
    fields,
    tagKeys,
    tagFields: new Set([...fields.keys()].filter((each) => !others.has(each))),
  }
}
