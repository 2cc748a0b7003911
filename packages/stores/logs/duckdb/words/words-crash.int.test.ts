import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseSearch } from '@warren/searchdsl/parse/search'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openEngine } from '../../../duckdb/engine.ts'
import { LogFiles } from '../log-files.ts'
import { searchFiles } from '../search-files.ts'
import { alone } from '../testing.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'warren-words-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const urlOf = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)

/** Writes 500 records a batch for ever, one in fifty with a rare word, indexes beside it, and prints how many segments it has made whenever it made some. */
const writer = `
  const { openEngine } = await import(${urlOf('../../../duckdb/engine.ts')})
  const { LogFiles } = await import(${urlOf('../log-files.ts')})
  const { idOf, toBatch } = await import(${urlOf('../../testing.ts')})
  const [dir] = process.argv.slice(1)
  const engine = await openEngine({ memoryLimitMb: 160, threads: 1, spillDir: dir + '/spill' })
  const files = await LogFiles.open(engine, dir, { rowsOfSegment: 400 })
  const write = async () => {
    for (let number = 0; ; number++) {
      const startMs = performance.now()
      await files.write(toBatch('crash', Array.from({ length: 500 }, (_, i) => ({
        id: idOf(number + ' ' + i), message: 'record ' + i + (i % 50 === 0 ? ' deadlock' : ''),
      }))))
      // While writes take most of the time nothing is indexed.
      await new Promise((resolve) => setTimeout(resolve, 3 * (performance.now() - startMs)))
    }
  }
  const index = async () => {
    for (let made = 0; ; ) {
      made += (await files.indexWords(Date.now(), new AbortController().signal)).segments
      process.stdout.write(made + '\\n')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  await Promise.race([write(), index()])
`

async function killedAfter(segments: number): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout }))
    if (Number(line) >= segments) child.kill('SIGKILL')
  await exited
}

it.each([2, 12])('finds what is stored after a kill, %i segments on', async (segments) => {
  await killedAfter(segments)
  const engine = await openEngine({ memoryLimitMb: 160, threads: 1, spillDir: join(dir, 'spill') })
  const files = await LogFiles.open(engine, dir, { rowsOfSegment: 400 })
  const countOf = async (query: object) => {
    const request = parseSearch({ size: 0, track_total_hits: true, query })
    const search = { tenant: 'crash', streams: ['logs-warren.generic-crash'], nowMs: 0, request }
    const { answer } = await searchFiles(files, search, alone)
    return 'error' in answer ? answer : answer.hits.total?.value
  }
  const counts = async () => ({
    all: await countOf({ match_all: {} }),
    byWord: await countOf({ match: { message: 'deadlock' } }),
    // Patterns read every message.
    byPattern: await countOf({ regexp: { message: 'deadlo.k' } }),
  })
  const { all, byWord, byPattern } = await counts()
  expect(all).toBeGreaterThan(segments * 50)
  expect([byWord, byPattern]).toEqual([Number(all) / 50, Number(all) / 50])
  await files.indexWords(Date.now(), new AbortController().signal)
  expect(await counts()).toEqual({ all, byWord, byPattern })
  await files.close()
})
