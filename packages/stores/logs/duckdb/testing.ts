import { duckdb } from '../duckdb.ts'
import { idOf, toBatch } from '../testing.ts'

/** A process to be killed: writes batches of 500 records into the folder named by its argument for ever, and prints the number of each once it is acknowledged. */
const [, , dataDir = ''] = process.argv
const store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
const batch = (number: number) =>
  toBatch(
    'crash',
    Array.from({ length: 500 }, (_, i) => ({ id: idOf(`${number} ${i}`), message: 'written' })),
  )
for (let number = 0; ; number += 2) {
  // Two at a time, so that one is under way when the other is acknowledged.
  const both = [number, number + 1].map(async (one) => {
    await store.write(batch(one))
    process.stdout.write(`${one}\n`)
  })
  await Promise.all(both)
}
