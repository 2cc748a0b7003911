import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { disk } from './disk.ts'

type Answer = Awaited<ReturnType<typeof fs.statfs>>

const answer = { bsize: 4096, blocks: 10, bfree: 5, bavail: 5, files: 10, ffree: 5 } as Answer

/** A host of network mounts, `server:/path` each at `/path`, and of those that are asked and do not answer. */
function rig(devices: readonly string[]) {
  const procDir = mkdtempSync(join(tmpdir(), 'warren-disk-'))
  const mounts = devices.map((device) => {
    const [, path] = device.split(':')
    return `1 1 0:1 / ${path} rw - nfs4 ${device} rw\n`
  })
  mkdirSync(join(procDir, 'self'))
  writeFileSync(
    join(procDir, 'self/mountinfo'),
    `1 1 8:1 / / rw - ext4 /dev/sda1 rw\n${mounts.join('')}`,
  )

  const dead = new Set<string>()
  const hanging = new Map<string, () => void>()
  const statfs = async (path: string): Promise<Answer> => {
    if (dead.has(path)) await new Promise<void>((resolve) => hanging.set(path, resolve))
    hanging.delete(path)
    return answer
  }
  vi.spyOn(fs, 'statfs').mockImplementation(statfs as typeof fs.statfs)
  syncBuiltinESMExports()

  vi.useFakeTimers()
  const input = disk.create({ ignoreFileSystems: [] }, { procDir, sysDir: '', runDir: '' })
  onTestFinished(() => {
    input.close()
    vi.useRealTimers()
    vi.restoreAllMocks()
    syncBuiltinESMExports()
    rmSync(procDir, { recursive: true })
  })
  const collect = async (): Promise<string[]> => {
    const paths: string[] = []
    const collected = input.collect({ add: (_, { path }) => void paths.push(path ?? '') }, 0)
    await vi.advanceTimersByTimeAsync(2_000)
    await collected
    return paths.sort()
  }
  return { dead, hanging, collect }
}

test('a server that answers no more ends the figures of its own mounts alone, and answers for them when it is back', async () => {
  const { dead, hanging, collect } = rig(['gone:/a', 'gone:/b', 'up:/c', 'up:/d'])
  expect(await collect()).toEqual(['/', '/a', '/b', '/c', '/d'])
  dead.add('/a').add('/b')
  for (let at = 0; at < 2; at += 1) expect(await collect()).toEqual(['/', '/c', '/d'])
  expect([...hanging.keys()]).toEqual(['/a'])
  dead.clear()
  hanging.get('/a')?.()
  await collect()
  expect(await collect()).toEqual(['/', '/a', '/b', '/c', '/d'])
})

test('however many servers answer no more, two threads wait for them at most', async () => {
  const { dead, hanging, collect } = rig(['one:/a', 'two:/b', 'three:/c'])
  dead.add('/a').add('/b').add('/c')
  for (let at = 0; at < 3; at += 1) expect(await collect()).toEqual(['/'])
  expect(hanging.size).toBe(2)
})
