import type { DuckDBConnection } from '@duckdb/node-api'
import { rollupPolicies } from '../../../rollup-policies.ts'

/** Of a window whose sums are kept, seconds: they are made with its rollups. */
export const keptWidth = Math.min(...rollupPolicies.map(({ width }) => width))

export const keptWidthNs = keptWidth * 1_000_000_000

/** Values of a series in one window that make keeping their sum worthwhile: it takes the room of four or five, and the time to read. */
const minPoints = 10
/** Values of a window, of all series: fewer are read in no time, and the sums would take a block of the file. */
const minValues = 2000

export interface SummedWindows {
  /** Quoted name of the attached file of raw points. */
  readonly raw: string
  /** Of a window's start in `rolled_numbers`, nanoseconds from the raw day's midnight on. */
  readonly shiftNs: bigint
  /** At least one. */
  readonly slots: readonly number[]
}

/** Values above 2^this have no sum here. */
const maxMagnitude = 900

/**
 * Makes the temporary table `rolled_sums` of windows whose least, greatest and count `rolled_numbers` has.
 * Values are cut into a part on a coarse grid and one on a finer grid (push-down/split-sum.ts): where nothing is left, both sums have no error in any order.
 */
export async function sumWindows(
  connection: DuckDBConnection,
  windows: SummedWindows,
): Promise<void> {
  const found = await connection.runAndReadAll(
    `SELECT sum("count") < greatest(${minPoints} * count(*), ${minValues} * count(DISTINCT start)) FROM rolled_numbers`,
  )
  const [isSparse] = found.getRows()[0] ?? []
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE rolled_sums AS ${sumsOf(windows)} ${isSparse === false ? '' : 'LIMIT 0'}`,
  )
}

function sumsOf({ raw, shiftNs, slots }: SummedWindows): string {
  const from = Math.min(...slots) * keptWidthNs
  const to = (Math.max(...slots) + 1) * keptWidthNs
  const greatest = 'greatest(abs("min"), abs("max"))'
  const bits = 'ceil(log2("count")) + 1'
  const magnitude = `CASE WHEN ${greatest} = 0 THEN -${maxMagnitude} ELSE greatest(-${maxMagnitude}, ceil(log2(${greatest})) + 1) END`
  // As `gridsOf` counts them; adding the rounder and taking it away again rounds to the grid.
  const rounder = (grid: string) => `1.5 * pow(2, least(${grid}, ${maxMagnitude}) + 52)`
  return `
    SELECT col, slot::INTEGER AS slot, any_value("count")::INTEGER AS points, any_value("min") AS low, any_value("max") AS high, sum(part) AS part,
      CASE WHEN max(abs(rest - fine)) = 0 AND any_value(magnitude) < ${maxMagnitude} THEN sum(fine) ELSE 'NaN'::DOUBLE END AS rest
    FROM (SELECT *, (rest + fineRounder) - fineRounder AS fine
      FROM (SELECT w.*, (v + rounder) - rounder AS part, v - ((v + rounder) - rounder) AS rest
        FROM ${raw}.numbers p JOIN
          (SELECT *, ${rounder('grid')} AS rounder, ${rounder('grid + bits - 53')} AS fineRounder
            FROM (SELECT *, magnitude + bits - 52 AS grid
              FROM (SELECT col, (start - ${shiftNs}) // ${keptWidthNs} AS slot, "min", "max", "count", ${magnitude} AS magnitude, ${bits} AS bits FROM rolled_numbers))) w
          ON w.col = p.col AND w.slot = p.t // ${keptWidthNs}
        WHERE p.t >= ${from} AND p.t < ${to}))
    GROUP BY col, slot`
}

/** Puts `rolled_sums` in the place of what the file has of these windows, in the connection's transaction. */
export async function keepSums(
  connection: DuckDBConnection,
  { raw, slots }: Pick<SummedWindows, 'raw' | 'slots'>,
): Promise<void> {
  const these = `slot IN (${slots.join(', ')})`
  await connection.run(`
    DELETE FROM ${raw}.sums WHERE ${these};
    DELETE FROM ${raw}.summed WHERE ${these};
    INSERT INTO ${raw}.sums SELECT * FROM rolled_sums ORDER BY slot, col;
    INSERT INTO ${raw}.summed SELECT DISTINCT slot FROM rolled_sums;`)
}

interface DayOfSums {
  readonly connection: DuckDBConnection
  /** Quoted name of the attached file. */
  readonly name: string
}

/** Windows whose kept sums are those of the points that are there now. */
export async function readKeptSlots({ connection, name }: DayOfSums): Promise<ReadonlySet<number>> {
  const found = await connection.runAndReadAll(
    `SELECT slot FROM ${name}.summed WHERE slot NOT IN (SELECT slot FROM ${name}.stale WHERE width = ${keptWidth})`,
  )
  return new Set(found.getRows().map(([slot]) => Number(slot)))
}
