import { mkdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { canMount, mountSmallDisk } from '@warren/test-servers/small-disk'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient, eventually } from './client.ts'
import {
  countPoints,
  countRecords,
  type Numbered,
  numberedPoints,
  numberedRecords,
} from './oracle.ts'
import { makeSender, publishAll } from './publisher.ts'
import { shape } from './shape.ts'
import { startUp, type Up } from './warren-command.ts'

const password = 'disk-full-password'
const fullMs = 60_000

let dataDir: string
let up: Up
let client: Client
let unmount: (() => void) | undefined

const stores = () => join(dataDir, 'stores')
const ballast = () => join(stores(), 'ballast')

/** Takes every block that is left, again and again: what the stores give back is taken too. */
async function keepFull(until: number): Promise<void> {
  const file = await open(ballast(), 'a')
  const block = Buffer.alloc(1024 * 1024, 1)
  while (Date.now() < until) {
    const { bavail, bsize } = statfsSync(stores())
    const free = Math.min(block.length, bavail * bsize)
    if (free === 0) await sleep(50)
    else await file.write(block, 0, free).catch(() => sleep(50))
  }
  await file.close()
}

interface Part {
  readonly part: string
  readonly state: string
  readonly reason: string | null
}

async function redReasons(): Promise<Record<string, string | null>> {
  const { adminPort } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'))
  const answer = await fetch(`http://127.0.0.1:${adminPort}/readyz?verbose`)
  const { parts } = (await answer.json()) as { parts: readonly Part[] }
  const red = parts.filter(({ state }) => state === 'red')
  return Object.fromEntries(red.map(({ part, reason }) => [part, reason]))
}

const before: Numbered = { name: 'before', count: 20_000, perMessage: 500 }
const during: Numbered = { name: 'during', count: 60_000, perMessage: 500 }

if (shape === 'embedded' && canMount())
  describe('the disk of the embedded stores full for 60 s', () => {
    beforeAll(async () => {
      dataDir = await makeTempDir('up-disk-full')
      mkdirSync(stores())
      unmount = mountSmallDisk(stores(), 256)
      up = await startUp(dataDir, { WARREN_ADMIN_PASSWORD: password })
      client = createClient(up.url, password)
    })
    afterAll(async () => {
      up?.interrupt()
      await up?.ended
      unmount?.()
      await removeTempDir(dataDir)
    })

    it('loses nothing and doubles nothing, is shown red, and recovers alone', async () => {
      const startMs = Date.now() - 3_600_000
      const url = await makeSender(client, 'disk-full')
      const send = (numbered: Numbered) =>
        Promise.all([
          publishAll(url, numberedPoints(numbered, startMs)),
          publishAll(url, numberedRecords(numbered, startMs)),
        ])
      await send(before)
      const until = Date.now() + fullMs
      const filling = keepFull(until)
      await eventually(async () => {
        const { bavail } = statfsSync(stores())
        return bavail === 0 ? true : undefined
      }, 30_000)
      // Confirmed by the broker, whose folder is on another disk.
      await send(during)
      for (const store of ['metrics', 'logs'])
        await eventually(async () => {
          const reason = (await redReasons())[`poller/${store} store`]
          return reason?.includes('no space') ? true : undefined
        }, 40_000)
      expect((await countPoints(client, during)).stored).toBeLessThan(during.count)
      await filling
      rmSync(ballast())
      const all = (lost: number): true | undefined => (lost === 0 ? true : undefined)
      for (const numbered of [before, during]) {
        await eventually(async () => all((await countPoints(client, numbered)).lost), 120_000)
        await eventually(
          async () => all((await countRecords(client, numbered, startMs)).lost),
          120_000,
        )
        expect(await countPoints(client, numbered)).toMatchObject({ lost: 0, doubled: 0 })
        expect(await countRecords(client, numbered, startMs)).toMatchObject({ lost: 0, doubled: 0 })
      }
      await eventually(
        async () => (Object.keys(await redReasons()).length === 0 ? true : undefined),
        60_000,
      )
    })
  })
