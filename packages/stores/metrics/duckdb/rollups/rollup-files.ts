import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { DayFiles } from '../../../duckdb/day-files.ts'
import { type Engine, onConnection } from '../../../duckdb/engine.ts'
import { type RollupPolicy, rollupPolicies } from '../../../rollup-policies.ts'
import { type MetricFileState, newFileState } from '../file-state.ts'
import { prepareRollupFile } from '../prepare-file.ts'

/** The files of one resolution: laid out as those of raw points, under `<dir>/<name>`, of several days each. */
export interface RollupFiles {
  readonly policy: RollupPolicy
  /** Days that one file holds. */
  readonly spanDays: number
  readonly files: DayFiles<MetricFileState>
}

/** The day that the file which holds a day is named after. */
export const firstDayOf = ({ spanDays }: RollupFiles, day: number): number =>
  Math.floor(day / spanDays) * spanDays

/** Few files to open over the whole time, and few bytes to give up at once. Nanoseconds within stay exact below 104 days. */
const spanDays = { '5m': 5, '1h': 60 } as const

/** A small tenant's file takes a tenth of what it would in blocks of the usual size. */
const blockSize = 16_384

interface Connections {
  readonly engine: Engine
  /** As that of `DayFiles`. */
  readonly admin: DuckDBConnection
}

export async function openRollupFiles(
  dir: string,
  connections: Connections,
): Promise<readonly RollupFiles[]> {
  const opened: RollupFiles[] = []
  for (const policy of rollupPolicies) {
    const folder = join(dir, `rollups-${policy.name}`)
    await mkdir(folder, { recursive: true })
    opened.push({
      policy,
      spanDays: spanDays[policy.name],
      files: filesOf(folder, policy, connections),
    })
  }
  return opened
}

const filesOf = (dir: string, { name }: RollupPolicy, { engine, admin }: Connections) =>
  new DayFiles<MetricFileState>({
    dir,
    connection: admin,
    // Names of tenants have no dots.
    catalogPrefix: `${name}.`,
    blockSize,
    maxIdle: 1,
    prepare: async (file) => {
      await onConnection(engine, (connection) => prepareRollupFile(connection, file))
      return newFileState()
    },
  })
