import { statfsSync } from 'node:fs'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSearch } from '@warren/searchdsl/parse/search'
import { canMount, mountSmallDisk } from '@warren/test-servers/small-disk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEngine } from '../../../duckdb/engine.ts'
import { idOf, toBatch } from '../../testing.ts'
import { LogFiles } from '../log-files.ts'
import { searchFiles } from '../search-files.ts'
import { alone } from '../testing.ts'

const tenant = 'acme'
const firstMs = Date.parse('2026-03-04T00:00:00Z')
const never = new AbortController().signal

if (canMount())
  describe('on a full disk', () => {
    let dir: string
    let disk: string
    let unmount: (() => void) | undefined
    let files: LogFiles
    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'warren-words-'))
      disk = join(dir, 'disk')
      await mkdir(disk)
      unmount = mountSmallDisk(disk, 32)
      const spillDir = join(dir, 'spill')
      const engine = await openEngine({ memoryLimitMb: 160, threads: 1, spillDir })
      files = await LogFiles.open(engine, disk, { rowsOfSegment: 2000 })
    })
    afterEach(async () => {
      await files.close()
      unmount?.()
      await rm(dir, { recursive: true, force: true })
    })

    const write = (from: number, count: number) => {
      const records = Array.from({ length: count }, (_, at) => ({
        id: idOf(String(from + at)),
        '@timestamp': new Date(firstMs + from + at).toISOString(),
        message: `record ${from + at} ${idOf(`x${from + at}`)}${at % 50 === 0 ? ' deadlock' : ''}`,
      }))
      const batch = toBatch(tenant, records)
      return files.write({ ...batch, bytes: Buffer.from(batch.bytes) })
    }
    const countOf = async (query: object) => {
      const request = parseSearch({ size: 0, track_total_hits: true, query })
      const search = { tenant, streams: [`logs-warren.generic-${tenant}`], nowMs: 0, request }
      const { answer } = await searchFiles(files, search, alone)
      if ('error' in answer) throw new Error(JSON.stringify(answer))
      return answer.hits.total?.value
    }
    const counts = async () => [
      await countOf({ match: { message: 'deadlock' } }),
      await countOf({ regexp: { message: 'deadlo.k' } }),
    ]
    const index = () => files.indexWords(firstMs + 86_400_000, never)
    /** Takes every block that is left. */
    const fill = async () => {
      const ballast = await open(join(disk, 'ballast'), 'a')
      for (let block = 1024 * 1024; block >= 4096; block /= 2)
        while (statfsSync(disk).bavail * 4096 >= block) await ballast.write(Buffer.alloc(block, 1))
      await ballast.close()
    }

    it('says that words cannot be indexed, answers and stores as before, and goes on once there is room', async () => {
      for (let from = 0; from < 8000; from += 1000) expect(await write(from, 1000)).toEqual([])
      await fill()
      let failed: readonly string[] = []
      for (let round = 0; round < 20 && failed.length === 0; round++)
        failed = (await index()).failed
      expect(failed[0]).toMatch(/indexing words of acme, 2026-03-04: .*(no space|No space)/i)
      expect(await counts()).toEqual([160, 160])
      await rm(join(disk, 'ballast'))
      expect(await write(8000, 1000)).toEqual([])
      for (let round = await index(); round.waiting > 0; round = await index())
        expect(round.failed).toEqual([])
      expect(await counts()).toEqual([180, 180])
    })
  })
