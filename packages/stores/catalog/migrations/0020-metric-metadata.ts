import { type Kysely, sql } from 'kysely'

/** What fields mean, by where it was said: `rank` 0 rules, 1 sender, 2 built-in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table metric_metadata (
    tenant text not null,
    measurement text collate "C" not null,
    field text collate "C" not null,
    rank smallint not null,
    unit text,
    mtype text,
    what text,
    primary key (tenant, measurement, field, rank)
  )`.execute(db)
}
