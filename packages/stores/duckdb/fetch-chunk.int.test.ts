import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openEngine } from './engine.ts'
import { streamChunks } from './read-chunks.ts'

let dir: string
let engine: Engine
let connection: DuckDBConnection

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'warren-stream-'))
  engine = await openEngine({ memoryLimitMb: 64, threads: 1, spillDir: join(dir, 'spill') })
  connection = await engine.connect()
})
afterAll(async () => {
  connection.closeSync()
  engine.close()
  await rm(dir, { recursive: true })
})

const rows = 4_000_000

/** Reads them all; returns how many came, and what ended them too soon. */
async function read(sql: string, onChunk = (): void => undefined) {
  let seen = 0
  try {
    for await (const { rowCount } of streamChunks(connection, sql)) {
      seen += rowCount
      onChunk()
    }
  } catch (error) {
    return { seen, error }
  }
  return { seen }
}

test('a stream that DuckDB ends in its middle has failed, and is not a short answer', async () => {
  const { seen, error } = await read(
    `SELECT CASE WHEN x = ${rows / 2} THEN error('gone') ELSE x END FROM range(${rows}) r(x)`,
  )
  expect(seen).toBeGreaterThan(0)
  expect(seen).toBeLessThan(rows)
  expect(error).toMatchObject({ code: 'store_failed', disposition: 'retry' })
})

test('a stream that is interrupted has failed; the next one of its connection is whole', async () => {
  const sql = `SELECT x FROM range(${rows}) r(x)`
  const { seen, error } = await read(sql, () => connection.interrupt())
  expect(seen).toBeGreaterThan(0)
  expect(seen).toBeLessThan(rows)
  expect(error).toMatchObject({ code: 'store_failed' })
  expect(await read(sql)).toEqual({ seen: rows })
  expect(await read('SELECT 1 WHERE false')).toEqual({ seen: 0 })
})
