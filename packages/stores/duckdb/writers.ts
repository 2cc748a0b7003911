import type { DuckDBConnection } from '@duckdb/node-api'
import type { Engine } from './engine.ts'

/** Batches that are written at once, each of another tenant: one that is read and inserted, one that waits for the disk. */
const maxWrites = 2

/** Calls `setUp` for each connection. */
export async function openWriters(
  engine: Pick<Engine, 'connect'>,
  setUp: (connection: DuckDBConnection) => Promise<void> = () => Promise.resolve(),
): Promise<Writers> {
  const connections: DuckDBConnection[] = []
  while (connections.length < maxWrites) {
    const connection = await engine.connect()
    await setUp(connection)
    connections.push(connection)
  }
  return new Writers(connections)
}

interface Waiting {
  readonly tenant: string
  readonly start: (connection: DuckDBConnection) => void
}

/** Connections that write. Batches of one tenant follow each other, since they share files and what memory knows of them;
 *  those of several are written side by side: while one waits for the disk, others are read and inserted. */
export class Writers {
  readonly #connections: readonly DuckDBConnection[]
  readonly #free: DuckDBConnection[]
  readonly #busy = new Set<string>()
  readonly #waiting = new Set<Waiting>()

  constructor(connections: readonly DuckDBConnection[]) {
    this.#connections = connections
    this.#free = [...connections]
  }

  /** Runs `work` once no other work of the tenant is under way. */
  async write<Result>(
    tenant: string,
    work: (connection: DuckDBConnection) => Promise<Result>,
  ): Promise<Result> {
    const connection = await this.#turnOf(tenant)
    try {
      return await work(connection)
    } finally {
      this.#busy.delete(tenant)
      this.#free.push(connection)
      this.#startNext()
    }
  }

  /** Once nothing is written any more. */
  close(): void {
    for (const connection of this.#connections) connection.closeSync()
  }

  #turnOf(tenant: string): Promise<DuckDBConnection> {
    return new Promise((start) => {
      this.#waiting.add({ tenant, start })
      this.#startNext()
    })
  }

  #startNext(): void {
    for (const waiting of this.#waiting) {
      if (this.#busy.has(waiting.tenant)) continue
      const connection = this.#free.pop()
      if (connection === undefined) return
      this.#waiting.delete(waiting)
      this.#busy.add(waiting.tenant)
      waiting.start(connection)
    }
  }
}
