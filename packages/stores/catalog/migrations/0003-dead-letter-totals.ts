import { type Kysely, sql } from 'kysely'

/** Letters and bytes of each tenant, kept by the database itself, so that a bound costs one row to check. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('dead_letter_totals')
    .addColumn('tenant', 'text', (column) => column.primaryKey())
    .addColumn('letters', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .execute()
  await sql`
    INSERT INTO dead_letter_totals
    SELECT tenant, count(*), sum(octet_length(item)) FROM dead_letters GROUP BY tenant`.execute(db)
  // An INSERT that meets a row it has already fires the UPDATE trigger for that row, with the size it had and has.
  await sql`
    CREATE FUNCTION add_dead_letters() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO dead_letter_totals AS totals
      SELECT tenant, count(*), sum(octet_length(item)) FROM added GROUP BY tenant ORDER BY tenant
      ON CONFLICT (tenant) DO UPDATE
      SET letters = totals.letters + excluded.letters, bytes = totals.bytes + excluded.bytes;
      RETURN NULL;
    END $$`.execute(db)
  await sql`
    CREATE FUNCTION take_dead_letters() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE dead_letter_totals AS totals
      SET letters = totals.letters - gone.letters, bytes = totals.bytes - gone.bytes
      FROM (SELECT tenant, count(*) AS letters, sum(octet_length(item)) AS bytes
            FROM removed GROUP BY tenant) AS gone
      WHERE totals.tenant = gone.tenant;
      RETURN NULL;
    END $$`.execute(db)
  await sql`
    CREATE FUNCTION resize_dead_letters() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE dead_letter_totals AS totals
      SET bytes = totals.bytes + changed.bytes
      FROM (SELECT tenant, sum(size) AS bytes
            FROM (SELECT tenant, octet_length(item) AS size FROM added
                  UNION ALL SELECT tenant, -octet_length(item) FROM removed) AS sizes
            GROUP BY tenant HAVING sum(size) <> 0) AS changed
      WHERE totals.tenant = changed.tenant;
      RETURN NULL;
    END $$`.execute(db)
  await sql`
    CREATE TRIGGER dead_letters_added AFTER INSERT ON dead_letters
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_dead_letters()`.execute(
    db,
  )
  await sql`
    CREATE TRIGGER dead_letters_removed AFTER DELETE ON dead_letters
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION take_dead_letters()`.execute(
    db,
  )
  await sql`
    CREATE TRIGGER dead_letters_resized AFTER UPDATE ON dead_letters
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION resize_dead_letters()`.execute(db)
}
