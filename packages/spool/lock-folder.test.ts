import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { lockFolder, lockName } from './lock-folder.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'warren-lock-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const taken = { code: 'folder_taken', disposition: 'fatal' }

test('a folder is taken once, and again after it was given back', async () => {
  const first = await lockFolder(dir)
  await expect(lockFolder(dir)).rejects.toMatchObject(taken)
  await first.close()
  await first.close()
  await (await lockFolder(dir)).close()
})

test('another process keeps it until it is killed', async () => {
  const module = join(import.meta.dirname, 'lock-folder.ts')
  const script = `
    const { lockFolder } = await import(${JSON.stringify(module)})
    globalThis.lock = await lockFolder(${JSON.stringify(dir)})
    console.log('locked')
    setInterval(() => globalThis.lock, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void other.kill('SIGKILL'))
  const [said] = await once(other.stdout, 'data')
  expect(String(said)).toBe('locked\n')
  await expect(lockFolder(dir)).rejects.toMatchObject(taken)
  other.kill('SIGKILL')
  await (await lockFolder(dir)).close()
})

/** What the programs were started with that hold this file open, us left out. */
function environmentsOfHolders(file: string): string[] {
  const holds = (pid: string): boolean => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some(
        (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === file,
      )
    } catch {
      return false
    }
  }
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && holds(pid))
    .map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'))
}

test('the program that waits for the lock sees none of our variables', async () => {
  vi.stubEnv('WARREN_ADMIN_PASSWORD', 'seen-by-nobody')
  onTestFinished(() => void vi.unstubAllEnvs())
  const first = await lockFolder(dir)
  const second = lockFolder(dir)
  await vi.waitFor(() => {
    const seen = environmentsOfHolders(join(dir, lockName))
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatch(/^PATH=[^\0]+\0$/)
  })
  await first.close()
  await (await second).close()
})
