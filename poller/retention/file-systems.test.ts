import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalDisk } from '@warren/stores/retention'
import { expect, onTestFinished, test } from 'vitest'
import { findFileSystems, spaceOf } from './file-systems.ts'

test('folders of one file system are one, and others apart', async () => {
  const here = mkdtempSync(join(tmpdir(), 'warren-disks-'))
  onTestFinished(() => rmSync(here, { recursive: true, force: true }))
  const diskAt = (folder: string): LocalDisk => ({
    folder,
    oldest: async () => undefined,
    drop: async () => undefined,
  })
  const disks = {
    metrics: diskAt(here),
    logs: diskAt(tmpdir()),
    elsewhere: diskAt('/proc'),
    missing: diskAt(join(here, 'missing')),
  }
  const { fileSystems, failures } = await findFileSystems(disks, spaceOf)
  const streams = [...fileSystems.values()].map((found) => [...found.disks.keys()])
  expect(streams).toEqual([['metrics', 'logs'], ['elsewhere']])
  expect(failures).toHaveLength(1)
  const space = await [...fileSystems.values()][0]?.space()
  expect(space?.totalBytes).toBeGreaterThan(space?.freeBytes ?? Number.POSITIVE_INFINITY)
})
