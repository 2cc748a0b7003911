import type { DuckDBConnection } from '@duckdb/node-api'

/** `stale` of a file of raw points, through the connection of its writer while no batch is written. */
export interface StaleTable {
  readonly connection: DuckDBConnection
  /** Quoted name of the attached file. */
  readonly name: string
}

interface Windows {
  /** Seconds. */
  readonly width: number
  readonly slots: readonly number[]
}

const isOneOf = ({ width, slots }: Windows): string =>
  `width = ${width} AND slot IN (${slots.join(', ')})`

export interface Claim {
  /** Seconds. */
  readonly width: number
  /** Slots from here, before that, and how many of them at most. */
  readonly from: number
  readonly before: number
  readonly count: number
}

/** Windows to work on, the earliest first: a point that comes from now on needs a row again. Also those that a killed process had claimed. */
export async function claimWindows(
  { connection, name }: StaleTable,
  { width, from, before, count }: Claim,
): Promise<readonly number[]> {
  const rows = await connection.runAndReadAll(
    `SELECT DISTINCT slot FROM ${name}.stale WHERE width = ${width} AND slot >= ${from} AND slot < ${before} ORDER BY slot LIMIT ${count}`,
  )
  const slots = rows.getRows().map(([slot]) => Number(slot))
  if (slots.length > 0)
    await connection.run(
      `UPDATE ${name}.stale SET claimed = 1 WHERE ${isOneOf({ width, slots })} AND claimed = 0`,
    )
  return slots
}

/** They are made: what came for them since they were claimed stays to be made. */
export async function settleWindows({ connection, name }: StaleTable, made: Windows) {
  await connection.run(`DELETE FROM ${name}.stale WHERE ${isOneOf(made)} AND claimed = 1`)
}

export interface Waiting {
  /** Nothing waits, nor will unless a point comes. */
  readonly isComplete: boolean
  /** When the window that has waited longest was over or lacked a point, ms since the epoch; undefined when none waits that was over at `closedMs`. */
  readonly sinceMs: number | undefined
}

export async function readWaiting(
  { connection, name }: StaleTable,
  { midnightMs, closedMs }: { midnightMs: number; closedMs: number },
): Promise<Waiting> {
  const end = `${midnightMs} + (slot + 1) * width::BIGINT * 1000`
  const rows = await connection.runAndReadAll(
    `SELECT count(*), min(greatest(since, ${end})) FILTER (${end} <= ${closedMs}) FROM ${name}.stale`,
  )
  const [left, since] = rows.getRows()[0] ?? []
  return { isComplete: Number(left) === 0, sinceMs: since == null ? undefined : Number(since) }
}
