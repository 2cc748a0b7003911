import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodes } from '@warren/platform/exit-codes'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ensureFormat } from './format.ts'
import { openDataFolder } from './open.ts'
import { readRun, removeRun, writeRun } from './run-file.ts'

let base: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'warren-data-'))
})
afterEach(() => rmSync(base, { recursive: true }))

const silent = () => undefined

it('makes a private folder and marks its format', async () => {
  const folder = await openDataFolder(join(base, 'data'), silent)
  expect(statSync(folder.path).mode & 0o777).toBe(0o700)
  expect(JSON.parse(readFileSync(join(folder.path, 'format.json'), 'utf8'))).toEqual({ format: 1 })
  folder.release()
})

it('refuses a second process on the folder until the first has left', async () => {
  const first = await openDataFolder(join(base, 'data'), silent)
  await expect(openDataFolder(join(base, 'data'), silent)).rejects.toMatchObject({
    exitCode: exitCodes.alreadyRunning,
  })
  first.release()
  const second = await openDataFolder(join(base, 'data'), silent)
  second.release()
})

it('says that a file stands where the folder should be', async () => {
  writeFileSync(join(base, 'data'), '')
  await expect(openDataFolder(join(base, 'data'), silent)).rejects.toMatchObject({
    exitCode: exitCodes.dataFolder,
  })
})

it('refuses the folder of a newer Warren', async () => {
  mkdirSync(join(base, 'data'))
  writeFileSync(join(base, 'data', 'format.json'), '{"format":99}')
  await expect(openDataFolder(join(base, 'data'), silent)).rejects.toMatchObject({
    exitCode: exitCodes.dataVersion,
    message: expect.stringContaining('format 99'),
  })
})

it('migrates an older folder step by step, after a copy', () => {
  const folder = join(base, 'data')
  mkdirSync(folder)
  writeFileSync(join(folder, 'format.json'), '{"format":1}')
  writeFileSync(join(folder, 'a'), 'old')
  const steps: number[] = []
  const migration = (from: number) => ({
    from,
    migrate: (path: string) => {
      steps.push(from)
      writeFileSync(join(path, 'a'), `from ${from}`)
    },
  })
  ensureFormat(folder, { current: 3, migrations: [migration(2), migration(1)], say: silent })
  expect(steps).toEqual([1, 2])
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('from 2')
  expect(readFileSync(join(`${folder}.format-1`, 'a'), 'utf8')).toBe('old')
  expect(JSON.parse(readFileSync(join(folder, 'format.json'), 'utf8'))).toEqual({ format: 3 })
})

it('knows the run that is alive from one that is not', () => {
  expect(readRun(base)).toBeUndefined()
  writeRun(base, { url: 'http://127.0.0.1:1', adminPort: 2, catalogUrl: 'postgres://c' })
  expect(readRun(base)).toMatchObject({ pid: process.pid, adminPort: 2 })
  const file = join(base, 'run.json')
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/"startedTicks":"\d+"/, '"startedTicks":"1"'),
  )
  expect(readRun(base)).toBeUndefined()
  removeRun(base)
  expect(existsSync(file)).toBe(false)
})
