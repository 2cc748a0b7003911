import { duckdb } from '../../duckdb.ts'
import { batchOf } from '../testing.ts'

/** A process that writes and rolls up at once until it is killed, and prints how many rounds of rollups are over: its folder is the only argument. */
const dataDir = process.argv[2]
if (dataDir === undefined) throw new Error('BUG: the folder is missing')
const store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
// Every window is over already: each is made again whenever a batch comes.
const nowMs = 1_772_539_200_000 + 2 * 86_400_000

async function write(): Promise<never> {
  for (let n = 0; ; n++) await store.write(batchOf(n))
}

async function rollUp(): Promise<never> {
  for (let rounds = 0; ; ) {
    const made = await store.rollUp?.(nowMs)
    if (made === undefined || made.failed.length > 0) throw new Error(made?.failed.join())
    if (made.windows > 0) process.stdout.write(`${++rounds}\n`)
  }
}

await Promise.race([write(), rollUp()])
