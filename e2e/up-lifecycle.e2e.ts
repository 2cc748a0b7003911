import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, eventually } from './client.ts'
import { descendantsOf, type Process, stillRunning, visibleTexts } from './processes.ts'
import { shape } from './shape.ts'
import { startUp, type Up, warren } from './warren-command.ts'

const adminPassword = 'lifecycle-password'
const env = { WARREN_ADMIN_PASSWORD: adminPassword }

let dataDir: string
let up: Up

const read = (...path: string[]): string => readFileSync(join(dataDir, ...path), 'utf8').trim()
const here = { WARREN_DATA_DIR: '' }

async function untilGone(processes: readonly Process[], deadlineMs: number): Promise<void> {
  await eventually(
    async () => (stillRunning(processes).length === 0 ? true : undefined),
    deadlineMs,
  ).catch(() => undefined)
  expect(stillRunning(processes)).toEqual([])
}

const signsIn = (url: string, password: string): Promise<boolean> =>
  createClient(url, password)
    .query('SELECT usage_idle FROM cpu LIMIT 1')
    .then(
      () => true,
      () => false,
    )

/** The child of `up` that is this part, or holds it: a node of RabbitMQ has a supervisor. */
function findPart(name: string): Process {
  const found = descendantsOf(up.pid).find(
    (process) =>
      process.name.startsWith(name) && (name !== 'postgres' || process.parent === up.pid),
  )
  if (found === undefined) throw new Error(`no ${name} below ${up.pid}`)
  return found
}

const findAgent = (): Process => {
  const found = descendantsOf(up.pid).find(({ pid }) =>
    visibleTexts(pid).join('\n').includes('--with-parent'),
  )
  if (found === undefined) throw new Error('no agent')
  return found
}

interface Answer {
  readonly parts: readonly { readonly part: string; readonly state: string }[]
}

/** As `warren status` asks, but without starting a program: some parts are back within a second. */
async function redParts(): Promise<string[]> {
  const { adminPort } = JSON.parse(read('run.json'))
  const answer = await fetch(`http://127.0.0.1:${adminPort}/readyz?verbose`)
  const { parts } = (await answer.json()) as Answer
  return parts.filter(({ state }) => state === 'red').map(({ part }) => part)
}

if (shape === 'embedded')
  describe('warren up, from its start to its end', () => {
    beforeAll(async () => {
      dataDir = await makeTempDir('up-lifecycle')
      here.WARREN_DATA_DIR = dataDir
      up = await startUp(dataDir, env)
    })
    afterAll(async () => {
      if (stillRunning(descendantsOf(process.pid)).some(({ pid }) => pid === up.pid))
        process.kill(up.pid, 'SIGKILL')
      await up.ended
      await removeTempDir(dataDir)
    })

    it('shows its secrets to nobody', () => {
      const agentAddress = new URL(read('agent', 'amqp-url'))
      const users = JSON.parse(read('broker', 'users.json'))
      const secrets = [
        adminPassword,
        agentAddress.password,
        users.internal.password,
        read('catalog', 'password'),
      ]
      const own = readFileSync(`/proc/${up.pid}/cmdline`, 'utf8')
      const texts = descendantsOf(up.pid)
        .map(({ pid, name }) => [name, ...visibleTexts(pid)] as const)
        // Until it runs its program, a child shows what its parent was started with.
        .filter(([, commandLine]) => commandLine !== own)
      const telling = [...texts, ['up', own], ['its output', up.output()]]
        .filter((shown) => secrets.some((secret) => shown.join('\n').includes(secret)))
        .map(([name]) => name)
      expect(telling).toEqual([])
    })

    it('keeps its secrets in files for its user only', () => {
      for (const file of [
        'admin-password',
        'run.json',
        'agent/amqp-url',
        'broker/users.json',
        'catalog/password',
      ])
        expect([file, (statSync(join(dataDir, file)).mode & 0o777).toString(8)]).toEqual([
          file,
          '600',
        ])
    })

    it('refuses a second start on the folder with 4', async () => {
      const { code, stderr } = await warren(['up'], here)
      expect(code).toBe(4)
      expect(stderr).toMatch(/^warren: another Warren runs on .*\n$/)
    })

    it('shows every part green, and with 1 the one that is red', async () => {
      expect(await warren(['status'], here)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Warren .*\n( {2}green .*\n)+$/),
      })
      const postgres = findPart('postgres')
      process.kill(postgres.pid, 'SIGSTOP')
      for (const { pid } of descendantsOf(postgres.pid)) process.kill(pid, 'SIGSTOP')
      await eventually(
        async () => ((await redParts()).includes('api/catalog') ? true : undefined),
        30_000,
      )
      const { code, stdout } = await warren(['status'], here)
      for (const { pid } of descendantsOf(postgres.pid)) process.kill(pid, 'SIGCONT')
      process.kill(postgres.pid, 'SIGCONT')
      expect(code).toBe(1)
      expect(stdout).toMatch(/red +api\/catalog +\S+/)
      await eventually(async () => ((await redParts()).length === 0 ? true : undefined), 30_000)
    })

    it('gives the admin another password while it runs', async () => {
      expect(await signsIn(up.url, adminPassword)).toBe(true)
      const { code, stdout } = await warren(['reset-password'], here)
      expect(code).toBe(0)
      expect(await signsIn(up.url, stdout.trim())).toBe(true)
      // The api looked the old one up a moment ago, and does not again for a second.
      await eventually(
        async () => ((await signsIn(up.url, adminPassword)) ? undefined : true),
        1500,
      )
    })

    it.each([
      // Back before anybody asks; the test above sees it red.
      ['postgres', () => findPart('postgres'), undefined],
      ['beam.smp', () => findPart('beam.smp'), 'broker node'],
      ['the agent', findAgent, 'agent'],
    ] as const)('starts %s again alone when it is killed', async (_, find, red) => {
      const killed = find()
      const others = descendantsOf(up.pid).filter(({ parent }) => parent === up.pid)
      process.kill(killed.pid, 'SIGKILL')
      if (red !== undefined)
        await eventually(async () => ((await redParts()).includes(red) ? true : undefined), 20_000)
      await eventually(async () => (find().pid === killed.pid ? undefined : true), 20_000)
      await eventually(async () => ((await redParts()).length === 0 ? true : undefined), 40_000)
      const disturbed = others.filter((process) => !stillRunning([process]).includes(process))
      expect(disturbed.length).toBeLessThanOrEqual(1)
    })

    it('leaves no process behind when it is killed, and starts again at once, three times', async () => {
      const port = read('broker', 'port')
      for (let kill = 0; kill < 3; kill++) {
        const all = descendantsOf(up.pid)
        expect(all.map(({ name }) => name)).toEqual(
          expect.arrayContaining(['beam.smp', 'epmd', 'postgres', 'sh']),
        )
        process.kill(up.pid, 'SIGKILL')
        await up.ended
        const next = startUp(dataDir, env)
        await untilGone(all, 15_000)
        up = await next
        expect(read('broker', 'port')).toBe(port)
      }
      expect(await signsIn(up.url, adminPassword)).toBe(true)
    })

    it('drains at Ctrl-C, which its children do not see, and leaves no process', async () => {
      const all = descendantsOf(up.pid)
      const since = performance.now()
      up.interrupt()
      const { code, stderr, stdout } = await up.ended
      expect(performance.now() - since).toBeLessThan(20_000)
      expect(code).toBe(0)
      expect(stderr.trimEnd().split('\n').slice(-2)).toEqual(['draining …', 'stopped'])
      expect(stdout).not.toMatch(/"level":"(warn|error)"/)
      await untilGone(all, 2000)
    })

    it('says so when nothing runs, and takes a new password all the same', async () => {
      for (const command of ['status', 'stop'])
        expect(await warren([command], here)).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/^warren: no Warren runs on .*`npm start` starts one\n$/),
        })
      const { code, stdout } = await warren(['reset-password'], here)
      expect(code).toBe(0)
      expect(read('admin-password')).toBe(stdout.trim())
    })

    it('takes a changed WARREN_ADMIN_PASSWORD, and ends when told from elsewhere', async () => {
      up = await startUp(dataDir, { WARREN_ADMIN_PASSWORD: 'another-password' })
      expect(await signsIn(up.url, 'another-password')).toBe(true)
      const all = descendantsOf(up.pid)
      expect(await warren(['stop'], here)).toMatchObject({ code: 0, stderr: 'stopped\n' })
      expect((await up.ended).code).toBe(0)
      await untilGone(all, 1000)
    })

    it('gives a start up at Ctrl-C, and leaves no process', async () => {
      const folder = join(dataDir, 'given-up')
      const starting = warren(['up'], { WARREN_DATA_DIR: folder })
      const run = await eventually(async () => {
        const found = descendantsOf(process.pid).find(({ name }) => name === 'beam.smp')
        return found === undefined ? undefined : found
      }, 30_000)
      const own = descendantsOf(process.pid)
      const main = own.find(
        ({ pid, parent }) =>
          parent === process.pid && descendantsOf(pid).some(({ pid: child }) => child === run.pid),
      )
      process.kill(main?.pid ?? 0, 'SIGINT')
      const { code, stderr } = await starting
      expect(code).toBe(0)
      expect(stderr).toMatch(/stopping …\n$/)
      await untilGone(
        main === undefined ? [] : own.filter(({ pid }) => pid !== main.pid && pid !== process.pid),
        5000,
      )
    })
  })
