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

const urlOf = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)

/** Writes batches for ever, two at a time so that one is under way when the other is acknowledged, and prints the number of each that is. */
const writer = `
  const { duckdb } = await import(${urlOf('./duckdb.ts')})
  const { idOf, toBatch } = await import(${urlOf('./testing.ts')})
  const store = await duckdb.create(duckdb.settings.parse({}), { dataDir: process.argv[1] })
  const write = async (number) => {
    const records = Array.from({ length: 500 }, (_, i) => ({ id: idOf(number + ' ' + i) }))
    await store.write(toBatch('crash', records))
    process.stdout.write(number + '\\n')
  }
  for (let number = 0; ; number += 2) await Promise.all([write(number), write(number + 1)])
`

/** Kills the writer once it has acknowledged so many batches; returns all it did acknowledge. */
async function killedAfter(batches: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const acknowledged: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line))
    if (acknowledged.length === batches) child.kill('SIGKILL')
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
