import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Clock } from './clock.ts'
import { tooFew } from './coverage.ts'
import { languages } from './question.ts'
import { ask, isSame, tellsCanary } from './reply.ts'
import { runIsolation } from './run.ts'
import { standingsDiffer } from './standings.ts'
import { openWorld, storeNames } from './world.ts'

const runs = languages.flatMap((language) => storeNames.map((store) => ({ language, store })))

it.each(runs)(
  '$language before $store stores: nothing of another tenant shows',
  async ({ language, store }) => {
    const seed = randomInt(1_000_000)
    process.stdout.write(`isolation of ${language}, ${store}: seed ${seed}\n`)
    const outcome = await runIsolation({ language, store, queries: 500, seed })
    expect({ seed, leaks: outcome.leaks }).toEqual({ seed, leaks: [] })
    const { reader, granted } = outcome
    expect({ seed, few: tooFew(language, reader) }).toEqual({ seed, few: [] })
    // What names no fields is refused with grants.
    expect(granted.accepted / granted.asked).toBeGreaterThan(0.3)
    expect(granted.withRows / granted.asked).toBeGreaterThan(0.2)
  },
  600_000,
)

it('would see what shows', async () => {
  const clock = new Clock()
  const world = await openWorld({
    language: 'influxql',
    store: 'embedded',
    withStranger: true,
    clock,
  })
  try {
    const path = '/gateway/influxdb/query?db=warren&q=SHOW+MEASUREMENTS'
    const question = { method: 'GET', path } as const
    const [own, other] = await Promise.all(
      [world.readerToken, world.strangerToken].map((token) => ask(world.gateway, token, question)),
    )
    expect(own?.body).toContain('cpu')
    expect(own && other && isSame(own, other)).toBe(false)
    expect(other && tellsCanary(question, other)).toBe(true)
    const untilCounted = () => world.untilCounted()
    const placeOf = (own: string) => ({ gateway: world.gateway, untilCounted, own, other: own })
    const told = await standingsDiffer(
      { method: 'GET', path: `${path}+LIMIT+7` },
      {
        alone: placeOf(world.readerToken),
        // Has asked the same a moment before.
        together: placeOf(world.strangerToken),
        base: { method: 'GET', path: '/gateway/influxdb/query?db=warren&q=SHOW+DATABASES' },
        clock,
        tellLateNews: () => world.tellLateNews(),
      },
    )
    expect(told).toMatch(
      /alone: miss; age=0, hit; age=0, for .*cost-86400s" 1.*\n.*beside the stranger: hit; age=0, hit; age=0, for .*cost-86400s" 0/,
    )
  } finally {
    await world.close()
  }
})

it('says of a run that is ended early what it showed, and how to ask the rest', async () => {
  const args = ['--language', 'influxql', '--store', 'embedded', '--seed', '7', '--from', '250']
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let [stdout, stderr] = ['', '']
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes
    if (stderr.includes('queries; of a tenant')) child.kill('SIGINT')
  })
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes
  })
  const [status] = await once(child, 'close')
  expect(stderr).toMatch(/^influxql, embedded, seed 7 from 250: 250 queries; .* 0 leaks$/m)
  const [, asked = ''] = /^ended early: .* from 250: (\d+) queries; .* 0 leaks$/m.exec(stdout) ?? []
  const [from, left] = [250 + Number(asked), 100_000 - Number(asked)]
  expect(stdout).toContain(`the rest: --seed 7 --from ${from} --queries ${left}\n`)
  expect(status).toBe(2)
}, 600_000)

it('says in one line which option it does not know, and how it is called', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--bogus'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes
  })
  const [status] = await once(child, 'close')
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^fuzz: Unknown option '--bogus'.*\nnpm run fuzz -- \[/),
  ])
  expect(stderr).not.toContain('    at ')
})
