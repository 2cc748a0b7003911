import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction } from '../../../duckdb/engine.ts'
import { aggregates } from '../../../rollup-policies.ts'
import { keptWidth, sumWindows } from '../kept-sums/kept-sums.ts'
import { fieldKinds } from '../schema.ts'

export interface AggregateStep {
  /** Quoted names of the attached files. */
  readonly raw: string
  readonly rollup: string
  /** Days since the epoch: of the raw points, and of the rollup file's midnight. */
  readonly day: number
  readonly firstDay: number
  /** Of a window, seconds. */
  readonly width: number
  /** Windows from the raw day's midnight; at least one. */
  readonly slots: readonly number[]
}

const dayNs = 86_400_000_000_000n

/**
 * Makes the aggregates of some windows anew from their raw points, in one transaction: doing it again changes nothing.
 * 1. Aggregate the points by column and window, and sum them for those who sum over series.
 * 2. Give the rollup file the names and columns it lacks.
 * 3. Replace the windows. Where they were made from an earlier file of that day, which is gone, only what is absent is added, or was added from this file:
 *    a late point must not stand for all those that it came after.
 */
export async function aggregate(connection: DuckDBConnection, step: AggregateStep): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.run(gather(step))
    if (step.width === keptWidth)
      await sumWindows(connection, { raw: step.raw, shiftNs: shiftNs(step), slots: step.slots })
    await connection.run(nameColumns(step))
    const isWhole = await sameOrigin(connection, step)
    await connection.run(isWhole ? remove(step) : leaveOut(step))
    await connection.run(add(step))
    if (!isWhole) await connection.run(noteFilled(step))
  })
}

const widthNs = ({ width }: AggregateStep): bigint => BigInt(width) * 1_000_000_000n

/** Of a window's start, from the rollup file's midnight. */
const shiftNs = ({ day, firstDay }: AggregateStep): bigint => BigInt(day - firstDay) * dayNs

function gather(step: AggregateStep): string {
  const { raw, slots } = step
  const size = widthNs(step)
  const from = BigInt(Math.min(...slots)) * size
  const to = BigInt(Math.max(...slots) + 1) * size
  const where = `WHERE t >= ${from} AND t < ${to} AND t // ${size} IN (${slots.join(', ')}) GROUP BY ALL`
  const start = `t // ${size} * ${size} + ${shiftNs(step)} AS start`
  return `
    CREATE OR REPLACE TEMP TABLE rolled_numbers AS SELECT col, ${start},
      min(v) AS "min", max(v) AS "max", sum(v) AS "sum", count(*)::DOUBLE AS "count", arg_max(v, t) AS "last" FROM ${raw}.numbers ${where};
    INSERT INTO rolled_numbers SELECT col, ${start}, min(v), max(v), sum(v), count(*), arg_max(v, t) FROM ${raw}.integers ${where};
    CREATE OR REPLACE TEMP TABLE rolled_texts AS SELECT col, ${start}, arg_max(v, t) AS "last" FROM ${raw}.texts ${where};`
}

/** Of integers, too, floats are kept, as InfluxDB's rollups are: days may have the one or the other. */
const rollupKind = (kind: string): string =>
  `(CASE WHEN ${kind} IN (${fieldKinds.integer}, ${fieldKinds.number}) THEN ${fieldKinds.float} ELSE ${kind} END)::UTINYINT`

/** `rolled_columns`: which column of the rollup file (`out`) takes which aggregate of a column of raw points. Ids are dense, as the store counts them. */
function nameColumns({ raw, rollup }: AggregateStep): string {
  const suffixes = aggregates.map((name) => `('${name}')`).join(', ')
  const nextId = (table: string) =>
    `(SELECT count(*) FROM ${rollup}.${table}) + row_number() OVER () - 1`
  return `
    CREATE OR REPLACE TEMP TABLE rolled_names AS
      SELECT c.id AS col, a.name AS aggregate, m.name AS measurement, s.key, f.name || '_' || a.name AS field, ${rollupKind('f.kind')} AS kind
      FROM ${raw}.columns c JOIN ${raw}.series s ON s.id = c.series JOIN ${raw}.fields f ON f.id = c.field
      JOIN ${raw}.measurements m ON m.id = s.measurement, (VALUES ${suffixes}) a(name)
      WHERE (${rollupKind('f.kind')} = ${fieldKinds.float} OR a.name = 'last') AND c.id IN (SELECT col FROM rolled_numbers UNION SELECT col FROM rolled_texts);
    INSERT INTO ${rollup}.measurements SELECT ${nextId('measurements')}, name FROM
      (SELECT DISTINCT measurement AS name FROM rolled_names) n ANTI JOIN ${rollup}.measurements k USING (name);
    INSERT INTO ${rollup}.fields SELECT ${nextId('fields')}, measurement, name, kind FROM
      (SELECT DISTINCT m.id AS measurement, r.field AS name, r.kind FROM rolled_names r JOIN ${rollup}.measurements m ON m.name = r.measurement) n
      ANTI JOIN ${rollup}.fields k USING (measurement, name, kind);
    INSERT INTO ${rollup}.series SELECT ${nextId('series')}, measurement, key FROM
      (SELECT DISTINCT m.id AS measurement, r.key FROM rolled_names r JOIN ${rollup}.measurements m ON m.name = r.measurement) n
      ANTI JOIN ${rollup}.series k USING (measurement, key);
    CREATE OR REPLACE TEMP TABLE rolled_ids AS SELECT r.col, r.aggregate, s.id AS series, f.id AS field
      FROM rolled_names r JOIN ${rollup}.measurements m ON m.name = r.measurement
      JOIN ${rollup}.series s ON s.measurement = m.id AND s.key = r.key
      JOIN ${rollup}.fields f ON f.measurement = m.id AND f.name = r.field AND f.kind = r.kind;
    INSERT INTO ${rollup}.columns SELECT ${nextId('columns')}, series, field FROM
      (SELECT series, field FROM rolled_ids) n ANTI JOIN ${rollup}.columns k USING (series, field);
    CREATE OR REPLACE TEMP TABLE rolled_columns AS SELECT r.col, r.aggregate, c.id AS out
      FROM rolled_ids r JOIN ${rollup}.columns c USING (series, field);`
}

/** Whether all that the rollup file has of this day was made from this file of raw points. */
async function sameOrigin(
  connection: DuckDBConnection,
  { raw, rollup, day }: AggregateStep,
): Promise<boolean> {
  await connection.run(
    `INSERT INTO ${rollup}.origins SELECT ${day}, id FROM ${raw}.origin WHERE NOT EXISTS (SELECT 1 FROM ${rollup}.origins WHERE day = ${day})`,
  )
  const found = await connection.runAndReadAll(
    `SELECT 1 FROM ${rollup}.origins JOIN ${raw}.origin USING (id) WHERE day = ${day}`,
  )
  return found.currentRowCount > 0
}

const inWindows = (step: AggregateStep): string => {
  const starts = step.slots.map((slot) => BigInt(slot) * widthNs(step) + shiftNs(step))
  return `t BETWEEN ${starts.reduce((a, b) => (a < b ? a : b))} AND ${starts.reduce((a, b) => (a > b ? a : b))} AND t IN (${starts.join(', ')})`
}

const remove = (step: AggregateStep): string => `
  DELETE FROM ${step.rollup}.numbers WHERE ${inWindows(step)};
  DELETE FROM ${step.rollup}.texts WHERE ${inWindows(step)};`

const tables = ['numbers', 'texts'] as const

/** The windows of a column that another file of the day has made stay as they are; those that this one has made are made anew. */
const leaveOut = (step: AggregateStep): string =>
  tables
    .map(
      (table) => `
  DELETE FROM ${step.rollup}.${table} WHERE ${inWindows(step)} AND (col, t) IN
    (SELECT col, t FROM ${step.rollup}.filled JOIN ${step.raw}.origin USING (id));
  DELETE FROM rolled_${table} WHERE (col, start) IN
    (SELECT c.col, k.t FROM ${step.rollup}.${table} k JOIN rolled_columns c ON c.out = k.col WHERE ${inWindows(step)});`,
    )
    .join('')

/** Which windows of a column this file has made. */
const noteFilled = ({ raw, rollup }: AggregateStep): string =>
  tables
    .map(
      (table) => `
  INSERT INTO ${rollup}.filled
    SELECT o.id, c.out, r.start FROM rolled_${table} r JOIN rolled_columns c USING (col), ${raw}.origin o
    EXCEPT SELECT id, col, t FROM ${rollup}.filled;`,
    )
    .join('')

const add = ({ rollup }: AggregateStep): string => `
  INSERT INTO ${rollup}.numbers SELECT c.out, r.start, CASE c.aggregate ${aggregates.map((name) => `WHEN '${name}' THEN r."${name}"`).join(' ')} END
    FROM rolled_numbers r JOIN rolled_columns c USING (col);
  INSERT INTO ${rollup}.texts SELECT c.out, r.start, r."last" FROM rolled_texts r JOIN rolled_columns c USING (col);`
