import { WarrenError } from '@warren/platform/errors'
import { ask } from '../../influx/ask.ts'
import type { Influx1Connection } from './connection.ts'

/** Leaves an existing one as it is. The name is one of ours: it needs no escape. */
export async function ensureDatabase(
  connection: Influx1Connection,
  database: string,
): Promise<void> {
  const { results, error } = await ask(connection, { text: `CREATE DATABASE "${database}"` })
  const reason = error ?? results[0]?.error
  if (reason === undefined) return
  throw new WarrenError(
    `InfluxDB at ${connection.host} has no database ${database} and does not let us create it: ${reason}`,
    {
      code: 'store_refused_credentials',
      disposition: 'retry',
    },
  )
}

export const isMissing = (text: string, database: string): boolean =>
  text.includes('database not found') && text.includes(database)
