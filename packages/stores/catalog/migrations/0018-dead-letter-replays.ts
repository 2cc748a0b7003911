import { type Kysely, sql } from 'kysely'

/** What a letter needs to be sent again and edited; replays; letters and bytes by tenant, stream and code. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE dead_letters
      ADD COLUMN version integer NOT NULL DEFAULT 1,
      ADD COLUMN origin_time_ns text,
      ADD COLUMN origin_content_encoding text,
      ADD COLUMN origin_content_type text,
      ADD COLUMN is_cut boolean NOT NULL DEFAULT false,
      ADD COLUMN replay text,
      ADD COLUMN edited_by text,
      ADD COLUMN edited_at timestamptz`.execute(db)
  await sql`CREATE UNIQUE INDEX dead_letters_seq ON dead_letters (seq)`.execute(db)
  await sql`CREATE INDEX dead_letters_replay ON dead_letters (replay) WHERE replay IS NOT NULL`.execute(
    db,
  )
  await createReplays(db)
  await createDepths(db)
}

async function createReplays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('dead_letter_replays')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('filter', 'jsonb', (column) => column.notNull())
    .addColumn('per_second', 'integer', (column) => column.notNull())
    .addColumn('requested_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('ended_at', 'timestamptz')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('last_seq', 'bigint', (column) => column.notNull())
    .addColumn('seen_seq', 'bigint', (column) => column.notNull())
    .addColumn('total', 'integer', (column) => column.notNull())
    .addColumn('sent', 'integer', (column) => column.notNull())
    .addColumn('skipped', 'integer', (column) => column.notNull())
    .addColumn('holder', 'text')
    .addColumn('held_until', 'timestamptz')
    .execute()
  await db.schema
    .createIndex('dead_letter_replays_page')
    .on('dead_letter_replays')
    .columns(['tenant', 'created_at'])
    .execute()
}

async function createDepths(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('dead_letter_depths')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('letters', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('dead_letter_depths_key', ['tenant', 'stream', 'code'])
    .execute()
  await sql`
    INSERT INTO dead_letter_depths
    SELECT tenant, stream, code, count(*), sum(octet_length(item))
    FROM dead_letters GROUP BY tenant, stream, code`.execute(db)
  await sql`
    CREATE FUNCTION deepen_dead_letters() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO dead_letter_depths AS depths
      SELECT tenant, stream, code, count(*), sum(octet_length(item))
      FROM added GROUP BY tenant, stream, code ORDER BY tenant, stream, code
      ON CONFLICT (tenant, stream, code) DO UPDATE
      SET letters = depths.letters + excluded.letters, bytes = depths.bytes + excluded.bytes;
      RETURN NULL;
    END $$`.execute(db)
  await sql`
    CREATE FUNCTION lower_dead_letters() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO dead_letter_depths AS depths
      SELECT tenant, stream, code, -count(*), -sum(octet_length(item))
      FROM removed GROUP BY tenant, stream, code ORDER BY tenant, stream, code
      ON CONFLICT (tenant, stream, code) DO UPDATE
      SET letters = depths.letters + excluded.letters, bytes = depths.bytes + excluded.bytes;
      RETURN NULL;
    END $$`.execute(db)
  // After dead_letters_added, dead_letters_removed and dead_letters_resized: triggers fire in the order of their names.
  await sql`
    CREATE TRIGGER dead_letters_then_deeper AFTER INSERT ON dead_letters
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION deepen_dead_letters()`.execute(db)
  await sql`
    CREATE TRIGGER dead_letters_then_lower AFTER DELETE ON dead_letters
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION lower_dead_letters()`.execute(db)
  await sql`
    CREATE TRIGGER dead_letters_then_u_lower AFTER UPDATE ON dead_letters
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION lower_dead_letters()`.execute(db)
  await sql`
    CREATE TRIGGER dead_letters_then_v_deeper AFTER UPDATE ON dead_letters
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION deepen_dead_letters()`.execute(db)
}
