import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { duckdb } from './duckdb.ts'
import { idOf, searchOf, toBatch } from './testing.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-logs-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

/** Kills the writer once it has acknowledged so many batches; returns all it did acknowledge. */
async function killedAfter(batches: number): Promise<readonly number[]> {
  const module = new URL('./duckdb/testing.ts', import.meta.url).pathname
  const writer = spawn(process.execPath, [module, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(writer, 'exit')
  const acknowledged: number[] = []
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.push(Number(line))
    if (acknowledged.length === batches) writer.kill('SIGKILL')
  }
  await exited
  return acknowledged
}

it.each([3, 40])('loses and doubles nothing when killed after %i batches', async (batches) => {
  const acknowledged = await killedAfter(batches)
  const store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  const count = async () => {
    const { hits } = await searchOf(store, { tenant: 'crash', request: { size: 0 } })
    return hits.total?.value ?? 0
  }
  const recovered = await count()
  expect(recovered).toBeGreaterThanOrEqual(acknowledged.length * 500)
  expect(recovered % 500).toBe(0)
  const last = Math.max(...acknowledged) + 2
  for (let number = 0; number <= last; number++) {
    const records = Array.from({ length: 500 }, (_, i) => ({
      id: idOf(`${number} ${i}`),
      message: 'again',
    }))
    await store.write(toBatch('crash', records))
  }
  expect(await count()).toBe((last + 1) * 500)
  await store.close()
})
