import { describe, expect, test } from 'vitest'
import { FluxError } from './flux-error.ts'
import { parseFlux } from './parse.ts'
import { printFlux } from './print.ts'
import { scopeFlux } from './scope.ts'

const scope = { bucket: 'warren', physical: 'warren_acme' }
const scoped = (text: string): string => printFlux(scopeFlux(parseFlux(text), scope))

function refusal(text: string): string {
  try {
    return `accepted as ${scoped(text)}`
  } catch (error) {
    if (error instanceof FluxError) return `${error.code}: ${error.message}`
    throw error
  }
}

const hour = 'from(bucket: "warren")\n  |> range(start: -1h)'
const ownHour = 'from(bucket: "warren_acme")\n  |> range(start: -1h)'

describe('accepted, printed anew', () => {
  test.each([
    ['a pipeline', `${hour} |> mean( )`, `${ownHour}\n  |> mean()`],
    ['comments, which are left out', `// a\n${hour} // |> to(bucket: "x")`, ownHour],
    [
      'functions of records',
      `${hour} |> map(fn:(r)=>({r with x: if r.a > 1 then -2.0 else 3.0*(1.0-r.b), y: not exists r["c d"]}))`,
      `${ownHour}\n  |> map(fn: (r) => ({r with x: if r.a > 1 then -2.0 else 3.0 * (1.0 - r.b), y: not exists r["c d"]}))`,
    ],
    [
      'functions of its own, also in a pipe',
      `f = (tables=<-, n=2) => { a = tables |> limit(n: n)\n return a }\n${hour} |> f(n: 3)`,
      `f = (tables=<-, n=2) => {\na = tables\n  |> limit(n: n)\nreturn a\n}\n${ownHour}\n  |> f(n: 3)`,
    ],
    [
      'several sources',
      `a = ${hour}\njoin(tables: {a: a, b: ${hour}}, on: ["_time"])`,
      `a = ${ownHour}\njoin(tables: {a: a, b: ${ownHour}}, on: ["_time"])`,
    ],
    [
      'regexes and escapes',
      `${hour} |> filter(fn: (r) => r.h =~ /a\\/b"/ and r.s == "\\"\\\\ \\\${x}\\n")`,
      `${ownHour}\n  |> filter(fn: (r) => r.h =~ /a\\/b"/ and r.s == "\\"\\\\ \\\${x}\\n")`,
    ],
    [
      'packages of the list, under any name',
      'import s "influxdata/influxdb/schema"\nimport "math"\ns.tagValues(bucket: "warren", tag: "host")',
      'import s "influxdata/influxdb/schema"\nimport "math"\ns.tagValues(bucket: "warren_acme", tag: "host")',
    ],
    [
      'how times are read',
      `import "timezone"\noption location = timezone.location(name: "Europe/Paris")\n${hour}`,
      `import "timezone"\noption location = timezone.location(name: "Europe/Paris")\n${ownHour}`,
    ],
    [
      'since midnight',
      'from(bucket: "warren") |> range(start: today())',
      'from(bucket: "warren_acme")\n  |> range(start: today())',
    ],
    [
      'a listing of buckets, as a list of the own one',
      'buckets() |> filter(fn: (r) => r.name !~ /^_/)',
      'import "array"\narray.from(rows: [{name: "warren", id: "", organizationID: "", retentionPolicy: "", retentionPeriod: 0}])\n  |> filter(fn: (r) => r.name !~ /^_/)',
    ],
    ['a dictionary', 'd = ["a": 1, "b": 2]\ne = [:]', 'd = ["a": 1, "b": 2]\ne = [:]'],
  ])('%s', (_, text, expected) => {
    expect(refusal(text)).toBe(`accepted as ${expected}`)
    // What is printed is read as the same program.
    expect(printFlux(parseFlux(expected))).toBe(expected)
  })
})

describe('refused', () => {
  test.each([
    ['another bucket', 'from(bucket: "other")'],
    ['the physical bucket', 'from(bucket: "warren_acme")'],
    ['another bucket in a join', `join(tables: {a: ${hour}, b: from(bucket: "b")}, on: ["x"])`],
    ['another bucket within a function', '(() => from(bucket: "b"))'],
    ['another bucket by default', '(x=from(bucket: "b")) => x'],
    ['another bucket of a package', 'import "influxdata/influxdb/v1"\nv1.tagKeys(bucket: "b")'],
  ])('%s is not found', (_, text) => {
    expect(refusal(text)).toMatch(/^bucket_not_found: could not find bucket/)
  })

  test.each([
    ['a bucket by id', 'from(bucketID: "1")', '"bucketID"'],
    ['another server', 'from(bucket: "warren", host: "http://x", token: "t")', '"host"'],
    ['a bucket in a variable', 'b = "warren"\nfrom(bucket: b)', 'named by one text'],
    ['a bucket that is computed', 'from(bucket: "war" + "ren")', 'named by one text'],
    ['a bucket by its short form', 'bucket = "warren"\nfrom(bucket)', 'named by one text'],
    ['a bucket twice', 'from(bucket: "warren", bucket: "b")', 'named by one text'],
    ['interpolation', 'from(bucket: "$' + '{x}")', 'interpolation'],
    ['from under another name', 'f = from\nf(bucket: "b")', '"from" as a value'],
    ['from in a record', 'r = {f: from}\nr.f(bucket: "b")', '"from" as a value'],
    ['from as an argument', '((f) => f(bucket: "b"))', 'a call of the value "f"'],
    ['from anew', 'from = (bucket) => bucket', 'a definition of "from"'],
    ['a package anew', 'import "math"\nmath = 1', 'a definition of "math"'],
    ['another package as array', 'import array "math"\nbuckets()', 'the name array'],
    ['buckets under another name', 'b = buckets\nb()', '"buckets" as a value'],
    ['buckets of another server', 'buckets(host: "x")', 'an argument of buckets()'],
    ['a function of a record', '{f: (x) => x}.f(x: 1)', 'a call of what is computed'],
    ['a function in place', '((x) => x)(x: 1)', 'a call of what is computed'],
    ['a write', `${hour} |> to(bucket: "copy")`, 'the function "to"'],
    [
      'a wide write',
      `import "influxdata/influxdb"\n${hour} |> influxdb.wideTo(bucket: "x")`,
      'the package "influxdata/influxdb"',
    ],
    [
      'the experimental write',
      `import "experimental"\n${hour} |> experimental.to(bucket: "x")`,
      'the package "experimental"',
    ],
    [
      'a count of series',
      'cardinality(bucket: "warren", start: -1h)',
      'the function "cardinality"',
    ],
    ['a task', 'option task = {name: "t", every: 1h}', 'the option "task"'],
    ['an option of a package', 'import "math"\noption math.pi = 3', 'an option of a package'],
    ['a builtin', 'builtin x : int', '"builtin"'],
    ['a test', 'test x = 1', '"test"'],
  ])('%s', (_, text, reason) => {
    expect(refusal(text)).toMatch(/^not_accepted: /)
    expect(refusal(text)).toContain(reason)
  })

  test.each(
    `sql http http/requests experimental/http csv socket kafka slack pagerduty pushbullet runtime testing internal/debug
     experimental/bigtable experimental/mqtt experimental/prometheus experimental/iox experimental/influxdb
     influxdata/influxdb/secrets influxdata/influxdb/tasks influxdata/influxdb/monitor contrib/sranka/telegram`
      .split(/\s+/)
      .map((path) => [path]),
  )('the package %s', (path) => {
    expect(refusal(`import "${path}"`)).toBe(
      `not_accepted: the package "${path}" is not accepted by the gateway`,
    )
  })

  test.each([
    ['what is no Flux', 'from(bucket: |> range(', 'error @1:14: found "|>"'],
    ['a name that nobody gave', 'v.defaultBucket', 'undefined identifier "v"'],
    ['return outside of a function', 'return 1', 'outside of a function'],
    ['a control character', 'x = 1\u0000', 'control character'],
    ['an open string', 'x = "a', 'not closed'],
    ['one package twice', 'import "math"\nimport "math"', 'imported twice'],
    ['a statement without a name', 'x |> 1', 'a call after |>'],
  ])('%s', (_, text, reason) => {
    expect(refusal(text)).toContain(reason)
    expect(refusal(text)).toMatch(/^syntax: /)
  })
})

test('depth, size and tokens are bounded, and time grows with the length only', () => {
  const started = performance.now()
  for (const part of [
    '(',
    '[',
    '{a:',
    'f(x:',
    'not ',
    '-',
    'if ',
    '() => ',
    'a.',
    '"\\"',
    '/\\/',
    '1+',
    'a |> b() ',
  ])
    expect(refusal(`x = ${part.repeat(60_000 / part.length)}`)).toMatch(/^syntax: /)
  expect(refusal(' '.repeat(70_000))).toContain('longer than')
  expect(performance.now() - started).toBeLessThan(5000)
})
