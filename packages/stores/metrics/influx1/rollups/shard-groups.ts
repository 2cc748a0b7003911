import type { Influx1Connection } from '../connection.ts'
import { askOne } from './ask-one.ts'

interface ShardGroup {
  readonly id: number
  readonly database: string
  readonly policy: string
  /** Seconds since the epoch. */
  readonly start: number
  readonly end: number
}

/** Where points lie. A group that was dropped never comes back: points of its time that come later lie in one of another id. */
export class ShardGroups {
  readonly #groups: readonly ShardGroup[]

  constructor(groups: readonly ShardGroup[]) {
    this.#groups = groups
  }

  static async read(connection: Influx1Connection): Promise<ShardGroups> {
    const { series, error } = await askOne(connection, { text: 'SHOW SHARD GROUPS' })
    if (error !== undefined) throw new Error(error)
    const [table] = series
    const at = (column: string) => table?.columns.indexOf(column) ?? -1
    const secondsOf = (value: unknown) => Date.parse(String(value)) / 1000
    return new ShardGroups(
      (table?.values ?? []).map((row) => ({
        id: Number(row[at('id')]),
        database: String(row[at('database')]),
        policy: String(row[at('retention_policy')]),
        start: secondsOf(row[at('start_time')]),
        end: secondsOf(row[at('end_time')]),
      })),
    )
  }

  has(id: number): boolean {
    return this.#groups.some((each) => each.id === id)
  }

  of(database: string, policy: string): readonly ShardGroup[] {
    return this.#groups.filter((each) => each.database === database && each.policy === policy)
  }

  /** Of the group that holds a moment, seconds since the epoch. */
  idAt(database: string, policy: string, seconds: number): number | undefined {
    return this.of(database, policy).find(({ start, end }) => start <= seconds && seconds < end)?.id
  }
}
