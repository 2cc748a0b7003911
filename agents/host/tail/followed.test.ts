import {
  appendFile,
  type FileHandle,
  mkdir,
  mkdtemp,
  open as openFile,
  readdir,
  readlink,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@warren/platform/log.testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { TailConfig } from '../config.ts'
import type { Checkpoints, Position } from './checkpoints.ts'
import { createFollowed, type Followed } from './followed.ts'
import { maxFiles, newPosition, type TrackedFile } from './tracked-file.ts'

const none: Checkpoints = { version: 1, patterns: [], files: {} }

/** A folder of logs that may be away, and who follows it. */
async function rig() {
  const base = await mkdtemp(join(tmpdir(), 'warren-followed-'))
  onTestFinished(() => rm(base, { recursive: true }))
  const [dir, away] = [join(base, 'logs'), join(base, 'away')]
  await mkdir(dir)
  await writeFile(join(dir, 'a.log'), 'one\ntwo\n')
  const tail = { paths: [join(dir, '*.log')], exclude: [], start: 'end' } as unknown as TailConfig
  const open = (saved: Checkpoints, tails: readonly TailConfig[] = [tail]) => {
    const followed = createFollowed({ tails, saved, log: silentLog() })
    onTestFinished(() => followed.close())
    return followed
  }
  /** What an agent left that followed the file to its end. */
  const leave = async (): Promise<Checkpoints> => {
    const before = open(none)
    await before.discover()
    const left = before.checkpoints()
    await before.close()
    return left
  }
  return { base, dir, away, tail, open, leave }
}

const offsets = (followed: Followed) =>
  [...followed.files.values()].map(({ confirmed }) => confirmed.offset)
const keys = (followed: Followed) => Object.keys(followed.checkpoints().files)

function onlyFile({ files }: Followed): TrackedFile {
  const [file] = files.values()
  if (file === undefined) throw new Error('BUG: one file is followed')
  return file
}

/** The prototype of every open file, to be spied on. */
async function handles(): Promise<FileHandle> {
  const handle = await openFile(import.meta.filename)
  await handle.close()
  onTestFinished(() => void vi.restoreAllMocks())
  return Object.getPrototypeOf(handle)
}

/** Paths of this process's open files. */
const openPaths = async (): Promise<string[]> =>
  Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  )

it('goes on where it was in a folder that was not mounted yet when it started', async () => {
  const { dir, away, open, leave } = await rig()
  const saved = await leave()
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
  const { dir, open } = await rig()
  const followed = open(none)
  await followed.discover()
  const file = onlyFile(followed)
  await followed.forget(file)
  expect(keys(followed)).toEqual([file.key])
  await followed.discover()
  expect(offsets(followed)).toEqual([8])
  await rm(join(dir, 'a.log'))
  for (const open of followed.files.values()) await followed.forget(open)
  expect(followed.checkpoints().files).toEqual({})
})

it('lets go of a saved file that its folder has no more', async () => {
  const { dir, open, leave } = await rig()
  const saved = await leave()
  await rm(join(dir, 'a.log'))
  await writeFile(join(dir, 'other.txt'), '')
  const second = open(saved)
  await second.discover()
  expect(second.checkpoints().files).toEqual({})
})

it('lets go of a file that no tail names any more', async () => {
  const { dir, tail, open, leave } = await rig()
  const saved = await leave()
  const other = { ...tail, paths: [join(dir, '*.txt')] }
  for (const now of [{ ...tail, exclude: ['/**/a.log'] }, other]) {
    const followed = open(saved, [other, now])
    await followed.discover()
    expect(followed.files.size).toBe(0)
    expect(keys(followed)).toEqual([])
  }
})

it('reads a renamed file to its end for the tail that named it before', async () => {
  const { dir, tail, open, leave } = await rig()
  const saved = await leave()
  await rename(join(dir, 'a.log'), join(dir, 'a.log.1'))
  const other = { ...tail, paths: [join(dir, '*.txt')] }
  const followed = open(saved, [other, tail])
  await followed.discover()
  expect(offsets(followed)).toEqual([8])
  expect(onlyFile(followed).tail).toBe(tail)
})

it('keeps where it was in every file of a folder that goes away', async () => {
  const { dir, away, open } = await rig()
  await Promise.all(
    Array.from({ length: 300 }, (_, at) => writeFile(join(dir, `${at}.log`), 'one\n')),
  )
  const followed = open(none)
  await followed.discover()
  await rename(dir, away)
  await mkdir(dir)
  await followed.discover()
  for (const file of followed.files.values()) {
    file.done = true
    await followed.forget(file)
  }
  expect(keys(followed)).toHaveLength(301)
})

it('lets go of a renamed file that was read to its end, and not of one that was not', async () => {
  const { dir, open } = await rig()
  const followed = open(none)
  await followed.discover()
  const file = onlyFile(followed)
  await rename(join(dir, 'a.log'), join(dir, 'a.log.1'))
  await followed.discover()
  await followed.forget(file)
  expect(keys(followed)).toEqual([file.key])
  const next = open(followed.checkpoints())
  await next.discover()
  const again = onlyFile(next)
  again.done = true
  await next.forget(again)
  expect(keys(next)).toEqual([])
})

it('keeps what was in a folder that is not there when its file system is not there either', async () => {
  const { dir, open, leave } = await rig()
  const { files, ...saved } = await leave()
  await rm(dir, { recursive: true })
  const elsewhere = { '0:1': newPosition(join(dir, 'b.log')) }
  const followed = open({ ...saved, files: { ...files, ...elsewhere } })
  await followed.discover()
  expect(followed.checkpoints().files).toEqual(elsewhere)
})

it('keeps as many positions as it follows files, those that were saved last', async () => {
  const { base, dir, open } = await rig()
  await rm(dir, { recursive: true })
  const saved: Record<string, Position> = {}
  for (let at = 0; at < maxFiles + 500; at += 1)
    saved[`0:${at}`] = newPosition(join(base, `logs/${at}.log`))
  const followed = open({ ...none, files: saved })
  await followed.discover()
  expect(keys(followed)).toEqual(Object.keys(saved).slice(-maxFiles))
})

it('goes on where it was in a file that could not be read for a moment when it started', async () => {
  const { dir, open, leave } = await rig()
  const saved = await leave()
  const followed = open(saved)
  vi.spyOn(await handles(), 'read').mockRejectedValueOnce(new Error('EIO'))
  await followed.discover()
  expect(followed.files.size).toBe(0)
  expect(followed.checkpoints().files).toEqual(saved.files)
  expect(await openPaths()).not.toContain(join(dir, 'a.log'))
  await followed.discover()
  expect(offsets(followed)).toEqual([8])
})

it('goes on where it was in a file that is found again while it is forgotten', async () => {
  const { open } = await rig()
  const followed = open(none)
  await followed.discover()
  const asked = Promise.withResolvers<never>()
  vi.spyOn(await handles(), 'stat').mockReturnValueOnce(asked.promise)
  const forgotten = followed.forget(onlyFile(followed))
  await followed.discover()
  asked.reject(new Error('EIO'))
  await forgotten
  expect(offsets(followed)).toEqual([8])
  expect(keys(followed)).toEqual([onlyFile(followed).key])
})
