import { Pool } from 'pg'

export interface PoolOptions {
  readonly url: string
  readonly connections: number
  /** A statement, or the wait for its answer or for a connection, that takes longer fails. */
  readonly statementTimeoutMs: number
}

/** Connections are made when asked for and replaced when they break, so a server that was away is found again. */
export function openPool({ url, connections, statementTimeoutMs }: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    application_name: 'warren',
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    // The server's own timeout comes first, unless it does not answer at all.
    query_timeout: statementTimeoutMs + 1000,
    idle_in_transaction_session_timeout: statementTimeoutMs,
  })
  // An idle connection that breaks is dropped from the pool; whoever asks next gets a new one or its error.
  pool.on('error', () => undefined)
  // One in use tells its query first, then emits the same error, which would end the process if nobody listened.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
