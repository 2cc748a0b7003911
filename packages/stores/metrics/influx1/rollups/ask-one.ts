import type { ResultSeries, Value } from '@warren/influxql/answers/result'
import { ask, type Question } from '../../../influx/ask.ts'
import type { Influx1Connection } from '../connection.ts'

/** The answer to one statement, its error as a value. Throws a `WarrenError` when the store could not be asked. */
export async function askOne(
  connection: Influx1Connection,
  question: Question,
): Promise<{ readonly series: readonly ResultSeries[]; readonly error: string | undefined }> {
  const { results, error } = await ask(connection, question)
  const [result] = results
  return { series: result?.series ?? [], error: error ?? result?.error }
}

/** Rows of a time and a number, as those of the job's own state are. */
export const rowsOf = (
  values: readonly (readonly Value[])[],
): readonly (readonly [number, number])[] =>
  values.map(([time, value]) => [Number(time), Number(value)])
