import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import { canMount, mountSmallDisk } from '@warren/test-servers/small-disk'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shape } from './shape.ts'
import { type Environment, type Outcome, warren } from './warren-command.ts'

let base: string
let taken: Server
beforeAll(async () => {
  base = await makeTempDir('up-failures')
  taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
})
afterAll(async () => {
  taken.close()
  await removeTempDir(base)
})

const takenPort = (): string => String((taken.address() as AddressInfo).port)

const start = (folder: string, env: Environment = {}): Promise<Outcome> =>
  warren(['up'], { WARREN_DATA_DIR: join(base, folder), ...env })

/** Processes that name the folder in their command line. */
const left = (folder: string): string =>
  execFileSync('ps', ['-eo', 'pid,args', '-ww'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(join(base, folder)))
    .join('\n')

/** What ends with its parent does so a moment after it. */
const expectNothingLeft = (folder: string): Promise<void> =>
  expect.poll(() => left(folder), { timeout: 30_000 }).toBe('')

/** The code, one line with the words as the last one, no stack, nothing left running. */
function expectFailure({ code, stderr }: Outcome, expected: { code: number; words: RegExp }): void {
  const lines = stderr.trimEnd().split('\n')
  expect(lines.at(-1)).toMatch(expected.words)
  expect(lines.filter((line) => line.startsWith('warren: '))).toHaveLength(1)
  expect(stderr).not.toMatch(/^ +at /m)
  expect(code).toBe(expected.code)
}

if (shape === 'embedded') {
  describe('a start that cannot be', () => {
    it('refuses a taken HTTP port with 5', async () => {
      const outcome = await start('http', { WARREN_HTTP_PORT: takenPort() })
      expectFailure(outcome, { code: 5, words: /port \d+ .*taken.*WARREN_HTTP_PORT/ })
    })

    it('refuses a taken AMQP port with 5, and leaves nothing running', async () => {
      const outcome = await start('amqp', { WARREN_AMQP_PORT: takenPort() })
      expectFailure(outcome, { code: 5, words: /port \d+ .*WARREN_AMQP_PORT/ })
      await expectNothingLeft('amqp')
    })

    it('refuses a file in the place of the folder with 6', async () => {
      writeFileSync(join(base, 'file'), '')
      expectFailure(await start('file'), { code: 6, words: /data folder .*file.* cannot be used/ })
    })

    it('refuses a folder that cannot be made with 6', async () => {
      const outcome = await start('', { WARREN_DATA_DIR: '/proc/warren' })
      expectFailure(outcome, { code: 6, words: /data folder \/proc\/warren cannot be used/ })
    })

    it('refuses a store folder that is a file with 6, and leaves nothing running', async () => {
      mkdirSync(join(base, 'stores', 'stores'), { recursive: true })
      writeFileSync(join(base, 'stores', 'stores', 'metrics'), '')
      expectFailure(await start('stores'), { code: 6, words: /stores did not open/ })
      await expectNothingLeft('stores')
    })

    it('refuses a catalog that cannot start with 9, and leaves nothing running', async () => {
      mkdirSync(join(base, 'catalog', 'catalog', 'postgresql-18'), { recursive: true })
      writeFileSync(join(base, 'catalog', 'catalog', 'password'), 'x')
      expectFailure(await start('catalog'), { code: 9, words: /PostgreSQL did not start/ })
      await expectNothingLeft('catalog')
    })

    it('refuses a private node that cannot start with 8, and leaves nothing running', async () => {
      mkdirSync(join(base, 'node', 'broker', 'node', 'mnesia'), { recursive: true })
      writeFileSync(join(base, 'node', 'broker', 'node', 'mnesia', 'warren@localhost'), '')
      expectFailure(await start('node'), { code: 8, words: /RabbitMQ did not start/ })
      await expectNothingLeft('node')
    })

    it('refuses a newer data format with 10', async () => {
      mkdirSync(join(base, 'newer'))
      writeFileSync(join(base, 'newer', 'format.json'), '{"format":99}')
      expectFailure(await start('newer'), { code: 10, words: /data format 99.*newer Warren/ })
    })

    it('lists every problem of the configuration with 3', async () => {
      const { code, stderr } = await start('config', {
        WARREN_HTTP_PORTT: '1',
        WARREN_AMQP_PORT: 'abc',
        WARREN_CATALOG_URL: 'mysql://x',
      })
      expect(code).toBe(3)
      expect(stderr).toMatch(/httpPortt .*did you mean httpPort\?/)
      expect(stderr).toMatch(/WARREN_AMQP_PORT/)
      expect(stderr).toMatch(/WARREN_CATALOG_URL.*postgres/)
    })

    it('refuses a credential that the broker refuses with 8', async () => {
      const broker = await startRabbitmq()
      const url = new URL(broker.url)
      url.password = 'wrong'
      const outcome = await start('credential', { WARREN_AMQP_URL: url.href })
      await broker.close()
      expectFailure(outcome, { code: 8, words: /refuses the credential/ })
      expect(outcome.stderr).not.toContain('wrong')
    })
  })

  if (canMount())
    describe('a full disk', () => {
      const folder = () => join(base, 'disk')
      beforeAll(() => {
        mkdirSync(folder())
        return mountSmallDisk(folder(), 4)
      })

      it('is refused with 7, whether little or nothing is free', async () => {
        expectFailure(await start('disk/little'), {
          code: 7,
          words: /no space left.*needs 256 MiB, [0-3] MiB is free/,
        })
        const { bavail, bsize } = statfsSync(folder())
        const ballast = Buffer.alloc(bavail * bsize - 8192)
        writeFileSync(join(folder(), 'ballast'), ballast)
        expectFailure(await start('disk/none'), { code: 7, words: /full/ })
      })
    })
}
