import { type Kysely, sql } from 'kysely'

/** Hashes of series by the day on which a poller saw them first; a row is what it saw within seconds. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table seen_series (
    tenant text not null,
    seq bigint generated always as identity,
    day integer not null,
    hashes bytea not null,
    primary key (tenant, seq)
  )`.execute(db)
  await sql`create index seen_series_day on seen_series (day)`.execute(db)
}
