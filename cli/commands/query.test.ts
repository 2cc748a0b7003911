import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')

function explain(words: readonly string[], input = '') {
  const env = { PATH: process.env['PATH'] }
  const ended = spawnSync(process.execPath, [program, 'query', 'explain', ...words], { input, env })
  return { code: ended.status, out: String(ended.stdout), error: String(ended.stderr) }
}

const query =
  "SELECT mean(v) FROM cpu WHERE host = 'a' AND time > now() - 1h GROUP BY time(1m); DROP MEASUREMENT cpu"

it('shows how a query is read, scoped and priced, and what is refused', () => {
  const { code, out } = explain([query, '--tenant', 'acme', '--now', '2026-08-01T01:00:00Z'])
  expect(code).toBe(11)
  expect(
    out,
  ).toBe(`Select  SELECT mean(v) FROM cpu WHERE host = 'a' AND time > now() - 1h GROUP BY time(1m)
  scoped    SELECT mean(v) FROM cpu WHERE tenant::tag = 'acme' AND (host = 'a' AND time > now() - 1h) GROUP BY time(1m)
  time      2026-08-01T00:00:00.000Z to …
  interval  1m
  cost      1.06 units (361 values read from 1 series, at most 61 values answered, 61 windows, 1 function)
DropMeasurement  DROP MEASUREMENT cpu
  refused   error authorizing query: not authorized to execute statement 'DROP MEASUREMENT'
`)
})

it('shows what a name of Cloudify stands for', () => {
  const { code, out } = explain(['SELECT value FROM "shop.vm.vm_1.cpu_idle"', '--cloudify'])
  expect(code).toBe(0)
  expect(out).toContain(
    "SELECT idle AS value FROM cpu WHERE tenant::tag = 'default' AND (deployment::tag = 'shop' AND",
  )
  const several = 'SELECT value FROM "a.b.b_1.cpu_x", "a.b.b_2.cpu_x"'
  expect(explain([several, '--cloudify', '--tenant', 'acme'])).toMatchObject({
    code: 11,
    out: expect.stringContaining('statements of their own'),
  })
})

it('only notes what is refused when no tenant was named', () => {
  const { code, out } = explain([query, '-o', 'json', '--series', '1000'])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    statements: [
      { type: 'Select', scoped: expect.stringContaining("tenant::tag = 'default'") },
      { type: 'DropMeasurement', scoped: null, refused: expect.any(String), cost: null },
    ],
  })
  expect(JSON.parse(out).statements[0].cost).toMatchObject({ series: 1000, points: 361_000 })
})

it('answers each line of standard input, also those that are no question', () => {
  const input =
    '{"id":7,"q":"SELECT v FROM cpu"}\n\n{"q":1}\n{"id":"b","q":"SELECT v, mean(v) FROM cpu"}\n'
  const { code, out } = explain(['-o', 'json'], input)
  expect(code).toBe(11)
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rows).toMatchObject([
    { id: 7, ok: true, statements: [{ text: 'SELECT v FROM cpu', timeMinNs: null }] },
    { id: null, ok: false, error: expect.stringMatching('^line 3 is not') },
    { id: 'b', ok: false, error: 'mixing aggregate and non-aggregate queries is not supported' },
  ])
})

it('refuses settings that mean nothing', () => {
  expect(explain(['SELECT v FROM cpu', '--tenant', 'No'])).toMatchObject({
    ...{ code: 2, out: '' },
    error: 'warren: No cannot be the name of a tenant\n',
  })
})

it('ends without a word when nobody reads what it says', async () => {
  const env = { PATH: process.env['PATH'] }
  const child = spawn(process.execPath, [program, 'query', 'explain', '-o', 'json'], { env })
  child.stdout.destroy()
  child.stdin.end('{"q":"SELECT v FROM cpu"}\n'.repeat(1000))
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect({ code, said }).toEqual({ code: 0, said: '' })
})
