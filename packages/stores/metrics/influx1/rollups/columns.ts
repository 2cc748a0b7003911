import { printName } from '@warren/influxql/print/name'
import { aggregates } from '../../../rollup-policies.ts'
import type { Influx1Connection } from '../connection.ts'
import { askOne } from './ask-one.ts'

/** One aggregate of one field. */
export interface RollupColumn {
  readonly call: string
  readonly field: string
  /** Read as that; every number as a float, so that what was stored as an integer once does not conflict. Only counts are integers. */
  readonly type: string
  /** The field of the rollup. */
  readonly name: string
}

export type ColumnsByMeasurement = ReadonlyMap<string, readonly RollupColumn[]>

export const printColumn = ({ call, field, type, name }: RollupColumn): string =>
  `${call}(${printName(field)}::${type}) AS ${printName(name)}`

/** What is made of raw points: five aggregates of numbers, the last of strings and booleans. */
export async function columnsOfRaw(
  connection: Influx1Connection,
  source: Source,
): Promise<ColumnsByMeasurement> {
  return mapFields(await fieldsOf(connection, source), (field, types) => {
    // The numbers, where other shards have texts under that name: a rollup's field has one type.
    const isNumber = types.has('float') || types.has('integer')
    const calls = isNumber ? aggregates : (['last'] as const)
    const type = isNumber ? 'float' : types.has('string') ? 'string' : 'boolean'
    return calls.map((call) => ({ call, field, type, name: `${field}_${call}` }))
  })
}

/** What is made of a finer rollup: the same aggregates of the same fields. */
export async function columnsOfRollup(
  connection: Influx1Connection,
  source: Source,
): Promise<ColumnsByMeasurement> {
  return mapFields(await fieldsOf(connection, source), (field, types) => {
    const aggregate = aggregates.find((each) => field.endsWith(`_${each}`))
    const [type] = types
    if (aggregate === undefined || type === undefined) return []
    const call = aggregate === 'count' ? 'sum' : aggregate
    return [{ call, field, type, name: field }]
  })
}

interface Source {
  readonly database: string
  readonly policy: string
}

type Fields = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>

/** By measurement and field: the types that its shards have. */
async function fieldsOf(
  connection: Influx1Connection,
  { database, policy }: Source,
): Promise<Fields> {
  const text = `SHOW FIELD KEYS FROM "${policy}"./.+/`
  const { series, error } = await askOne(connection, { text, database })
  if (error !== undefined) throw new Error(error)
  const found = new Map<string, Map<string, Set<string>>>()
  for (const { name = '', values } of series) {
    const fields = found.get(name) ?? new Map<string, Set<string>>()
    found.set(name, fields)
    for (const [field, type] of values) {
      const types = fields.get(String(field)) ?? new Set<string>()
      fields.set(String(field), types.add(String(type)))
    }
  }
  return found
}

function mapFields(
  fields: Fields,
  toColumns: (field: string, types: ReadonlySet<string>) => readonly RollupColumn[],
): ColumnsByMeasurement {
  const found = new Map<string, readonly RollupColumn[]>()
  for (const [measurement, types] of fields) {
    const columns = [...types].flatMap(([field, each]) => toColumns(field, each))
    if (columns.length > 0) found.set(measurement, columns)
  }
  return found
}
