import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@warren/platform/log.testing'
import { expect, it, onTestFinished } from 'vitest'
import type { TailConfig } from '../config.ts'
import type { Checkpoints } from './checkpoints.ts'
import { createFollowed } from './followed.ts'

const none: Checkpoints = { version: 1, patterns: [], files: {} }

/** A folder of logs that may be away, and who follows it. */
async function rig() {
  const base = await mkdtemp(join(tmpdir(), 'warren-followed-'))
  onTestFinished(() => rm(base, { recursive: true }))
  const [dir, away] = [join(base, 'logs'), join(base, 'away')]
  await mkdir(dir)
  await writeFile(join(dir, 'a.log'), 'one\ntwo\n')
  const tail = { paths: [join(dir, '*.log')], exclude: [], start: 'end' } as unknown as TailConfig
  const open = (saved: Checkpoints) => {
    const followed = createFollowed({ tails: [tail], saved, log: silentLog() })
    onTestFinished(() => followed.close())
    return followed
  }
  const offsets = (followed: ReturnType<typeof open>) =>
    [...followed.files.values()].map(({ confirmed }) => confirmed.offset)
  return { dir, away, open, offsets }
}

it('goes on where it was in a folder that was not mounted yet when it started', async () => {
  const { dir, away, open, offsets } = await rig()
  const first = open(none)
  await first.discover()
  expect(offsets(first)).toEqual([8])
  const saved = first.checkpoints()
  await rename(dir, away)
  await mkdir(dir)
  const second = open(saved)
  await second.discover()
  expect(second.checkpoints().files).toEqual(saved.files)
  await rm(dir, { recursive: true })
  await rename(away, dir)
  await appendFile(join(dir, 'a.log'), 'three\n')
  await second.discover()
  expect(offsets(second)).toEqual([8])
})

it('goes on where it was in a file that could not be read for a moment, and forgets one that is deleted', async () => {
  const { dir, open, offsets } = await rig()
  const followed = open(none)
  await followed.discover()
  const [file] = followed.files.values()
  if (file === undefined) throw new Error('BUG: one file is followed')
  await followed.forget(file)
  expect(Object.keys(followed.checkpoints().files)).toEqual([file.key])
  await followed.discover()
  expect(offsets(followed)).toEqual([8])
  await rm(join(dir, 'a.log'))
  for (const open of followed.files.values()) await followed.forget(open)
  expect(followed.checkpoints().files).toEqual({})
})

it('lets go of a saved file that its folder has no more', async () => {
  const { dir, open } = await rig()
  const first = open(none)
  await first.discover()
  const saved = first.checkpoints()
  await first.close()
  await rm(join(dir, 'a.log'))
  await writeFile(join(dir, 'other.txt'), '')
  const second = open(saved)
  await second.discover()
  expect(second.checkpoints().files).toEqual({})
})
