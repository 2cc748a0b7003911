import { databaseOf } from '@warren/contracts/names'
import type { ResultSeries, Value } from '@warren/influxql/answers/result'
import { printName } from '@warren/influxql/print/name'
import { type FieldValue, toLine } from '@warren/lineprotocol/write'
import { trySend } from '../../../influx/write-failure.ts'
import type { Influx1Connection } from '../connection.ts'
import { askOne } from './ask-one.ts'
import { byWindow, during, type MeasurementStep, selectOf } from './statement.ts'

/** Adds to a rollup what it has no value of, one window after the other: an answer holds every series. Answers whether it added any. */
export async function fillAbsent(
  connection: Influx1Connection,
  step: MeasurementStep,
): Promise<boolean> {
  let isAdded = false
  for (let start = step.start; start < step.end; start += step.width) {
    const window = { ...step, start, end: start + step.width }
    isAdded = (await fillWindow(connection, window)) || isAdded
  }
  return isAdded
}

async function fillWindow(connection: Influx1Connection, step: MeasurementStep): Promise<boolean> {
  const ask = async (text: string) => {
    const { series, error } = await askOne(connection, {
      text,
      database: databaseOf(step.tenant),
      epoch: 's',
    })
    if (error !== undefined) throw new Error(`${step.measurement}: ${error}`)
    return series
  }
  const made = await ask(`${selectOf(step)} ${during(step)} ${byWindow(step)}`)
  if (made.length === 0) return false
  const names = step.columns.map(({ name }) => printName(name)).join(', ')
  const there = await ask(
    `SELECT ${names} FROM "${step.into}".${printName(step.measurement)} ${during(step)} GROUP BY *`,
  )
  const has = new Map(there.map((series) => [keyOf(series), series.values[0] ?? []]))
  const lines = made.flatMap((series) => lineOf(step, series, has.get(keyOf(series))) ?? [])
  if (lines.length > 0) await save(connection, step, lines)
  return lines.length > 0
}

/** Columns of both answers are the time and then the step's. */
function lineOf(
  { measurement, columns, start }: MeasurementStep,
  { tags = {}, values }: ResultSeries,
  there: readonly Value[] = [],
): string | undefined {
  const fields: Record<string, FieldValue | undefined> = {}
  for (const [index, { name }] of columns.entries()) {
    const value = values[0]?.[index + 1]
    const isThere = (there[index + 1] ?? null) !== null
    if (!isThere) fields[name] = toFieldValue(name, value)
  }
  return toLine({ measurement, tags, fields, timeNs: BigInt(start) * 1_000_000_000n })
}

/** JSON does not tell which number is an integer: counts are. */
function toFieldValue(name: string, value: Value | undefined): FieldValue | undefined {
  if (value === null || value === undefined) return undefined
  return typeof value === 'number' && name.endsWith('_count') ? BigInt(value) : value
}

/** Tags that a series lacks are empty where others have them. */
const keyOf = ({ tags = {} }: ResultSeries): string =>
  JSON.stringify(
    Object.entries(tags)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

async function save(
  connection: Influx1Connection,
  { tenant, into }: MeasurementStep,
  lines: readonly string[],
): Promise<void> {
  const path = `/write?db=${databaseOf(tenant)}&rp=${into}&precision=ns`
  const result = await trySend(connection.sender, path, [Buffer.from(`${lines.join('\n')}\n`)])
  if (result.kind === 'stored') return
  if (result.kind === 'away') throw result.error
  throw new Error(
    result.kind === 'too large' ? 'the store takes no request of this size' : result.text,
  )
}
