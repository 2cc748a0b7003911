import type { Influx1Connection } from '../connection.ts'
import { askOne, rowsOf } from './ask-one.ts'
import { saveState, stateDatabase } from './state.ts'

interface Origin {
  /** The policy of the rollup. */
  readonly rollup: string
  /** Counted from the epoch. */
  readonly hour: number
  /** Of the shard group that its points lie in. */
  readonly group: number
}

const keyOf = ({ rollup, hour }: Omit<Origin, 'group'>): string => `${rollup} ${hour}`

interface OriginsOptions {
  readonly connection: Influx1Connection
  readonly tenant: string
}

/** From which shard group the rollups of each hour of a tenant were first made. */
export class Origins {
  readonly #options: OriginsOptions
  readonly #known: Map<string, number>

  constructor(options: OriginsOptions, known: Map<string, number>) {
    this.#options = options
    this.#known = known
  }

  /** Of some hours. */
  static async read(
    options: OriginsOptions,
    { first, last }: { readonly first: number; readonly last: number },
  ): Promise<Origins> {
    const text = `SELECT "group" FROM origins WHERE tenant = '${options.tenant}' AND time >= ${first} AND time <= ${last} GROUP BY rollup`
    const question = { text, database: stateDatabase, epoch: 'ns' }
    const { series, error } = await askOne(options.connection, question)
    if (error !== undefined) throw new Error(error)
    const known = new Map<string, number>()
    for (const { tags, values } of series)
      for (const [hour, group] of rowsOf(values))
        known.set(keyOf({ rollup: tags?.['rollup'] ?? '', hour }), group)
    return new Origins(options, known)
  }

  /** Whether the points that are there now are those that the rollups of the hour were made from, and what came after. False: those have been dropped meanwhile. */
  isSame(origin: Origin): boolean {
    const known = this.#known.get(keyOf(origin))
    return known === undefined || known === origin.group
  }

  /** Once rollups are made; a kill before means making them again. */
  async note(origin: Origin): Promise<void> {
    const key = keyOf(origin)
    if (this.#known.has(key)) return
    const { connection, tenant } = this.#options
    const { rollup, group, hour } = origin
    await saveState(connection, [
      `origins,rollup=${rollup},tenant=${tenant} group=${group}i ${hour}`,
    ])
    this.#known.set(key, group)
  }
}
