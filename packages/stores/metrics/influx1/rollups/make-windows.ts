import { databaseOf } from '@warren/contracts/names'
import { printName } from '@warren/influxql/print/name'
import type { Influx1Connection } from '../connection.ts'
import { askOne } from './ask-one.ts'
import type { ColumnsByMeasurement } from './columns.ts'
import { fillAbsent } from './fill-absent.ts'
import { byWindow, during, type MeasurementStep, selectOf } from './statement.ts'

/** Some windows of one policy, of one tenant. */
export interface WindowStep extends Omit<MeasurementStep, 'measurement' | 'columns'> {
  readonly columns: ColumnsByMeasurement
  /** Of one statement: each costs the server an iterator a series. */
  readonly maxColumns: number
}

/** Makes the windows anew from the points that are there; where these are not all that the windows were made from, adds only what is absent. Doing it again changes nothing. Answers whether there were any points. */
export async function makeWindows(
  connection: Influx1Connection,
  step: WindowStep,
  isWhole: boolean,
): Promise<boolean> {
  let isWritten = false
  for (const [measurement, all] of step.columns)
    for (let first = 0; first < all.length; first += step.maxColumns) {
      const columns = all.slice(first, first + step.maxColumns)
      const part = { ...step, measurement, columns }
      const write = isWhole ? replace : fillAbsent
      isWritten = (await write(connection, part)) || isWritten
    }
  return isWritten
}

async function replace(connection: Influx1Connection, step: MeasurementStep): Promise<boolean> {
  const into = ` INTO "${step.into}".${printName(step.measurement)}`
  const { series, error } = await askOne(connection, {
    text: `${selectOf(step, into)} ${during(step)} ${byWindow(step)}`,
    database: databaseOf(step.tenant),
  })
  if (error !== undefined) throw new Error(`${step.measurement}: ${error}`)
  // One row: a time and how many points were written.
  return Number(series[0]?.values[0]?.[1] ?? 0) > 0
}
