import { describe, expect, test } from 'vitest'
import { EvaluationError } from '../evaluation-error.ts'
import { parseQuery } from '../parse.ts'
import { printStatement } from '../print.ts'
import { scopeStatement } from '../scope.ts'
import { readSeriesName } from './series-name.ts'

describe('a name as Cloudify made it', () => {
  test.each([
    ['shop.vm.vm_7mmzx9.cpu_total_user', ['shop', 'vm', 'vm_7mmzx9', 'cpu', 'total_user']],
    ['web.eu.vm.vm_7mmzx9.memory_MemFree', ['web.eu', 'vm', 'vm_7mmzx9', 'memory', 'MemFree']],
    ['shop.db.main.db.main_a1.df_sda_1', ['shop', 'db.main', 'db.main_a1', 'df', 'sda_1']],
    // The longest deployment: of two ways to read it.
    ['a.b.b_1.c.c_2.cpu_x', ['a.b.b_1', 'c', 'c_2', 'cpu', 'x']],
    ['shop.vm.other.cpu_x', ['shop', 'vm', 'other', 'cpu', 'x']],
  ])('%s', (name, [deployment, node, instance, measurement, field]) => {
    expect(readSeriesName(name)).toEqual({ deployment, node, instance, measurement, field })
  })

  test.each([
    'cpu',
    'shop.vm.vm_1',
    'shop.vm.vm_1.cpu',
    'shop.vm.vm_1._x',
    'shop.vm.vm_1.cpu_',
    'a.b.c.d.cpu_x',
    '.vm.vm_1.cpu_x',
    'shop..vm_1.cpu_x',
    `${'a.'.repeat(30)}vm.vm_1.cpu_x`,
  ])('%s is none', (name) => {
    expect(readSeriesName(name)).toBeUndefined()
  })
})

const scope = { database: 'warren', tenant: 'acme', hasSeriesNames: true }

const scoped = (text: string, more: object = {}): string =>
  parseQuery(text)
    .map((statement) => printStatement(scopeStatement(statement, { ...scope, ...more })))
    .join('; ')

const name = '"shop.vm.vm_1.cpu_total_user"'
const place = "deployment::tag = 'shop' AND node::tag = 'vm' AND instance::tag = 'vm_1'"
const rest = `FROM cpu WHERE tenant::tag = 'acme' AND (${place})`

describe('asked for', () => {
  test.each([
    [`SELECT mean("value") FROM ${name}`, `SELECT mean(total_user) ${rest}`],
    [`SELECT value FROM ${name}`, `SELECT total_user AS value ${rest}`],
    [`SELECT * FROM ${name}`, `SELECT total_user AS value ${rest}`],
    [`SELECT value * 2 FROM ${name}`, `SELECT total_user * 2 AS value ${rest}`],
    [
      `SELECT value AS v, max(value) FROM ${name}`,
      `SELECT total_user AS v, max(total_user) ${rest}`,
    ],
    [
      `SELECT mean(value) FROM warren..${name} WHERE time > 5 AND value > 1 GROUP BY time(1m), host`,
      `SELECT mean(total_user) FROM cpu WHERE tenant::tag = 'acme' AND (${place} AND (time > 5 AND total_user > 1)) GROUP BY time(1m), host`,
    ],
    [
      `SELECT max(value) FROM (SELECT value FROM ${name} WHERE value::tag = 'a')`,
      `SELECT max(value) FROM (SELECT total_user AS value FROM cpu WHERE tenant::tag = 'acme' AND (${place} AND (value::tag = 'a')))`,
    ],
    ['SELECT value FROM cpu, mem', "SELECT value FROM cpu, mem WHERE tenant::tag = 'acme'"],
    ['SELECT value FROM /a/', "SELECT value FROM /a/ WHERE tenant::tag = 'acme'"],
  ])('%s', (text, expected) => {
    expect(scoped(text)).toBe(expected)
  })

  test('with grants it stays within them', () => {
    expect(scoped(`SELECT mean(value) FROM ${name}`, { deployments: ['web'] })).toBe(
      `SELECT mean(total_user::float) FROM cpu WHERE tenant::tag = 'acme' AND deployment::tag = 'web' AND (${place})`,
    )
  })

  test.each([`${name}, "shop.vm.vm_2.cpu_total_user"`, `cpu, ${name}`, `${name}, cpu`])(
    'several at once are refused: %s',
    (sources) => {
      expect(() => scoped(`SELECT value FROM ${sources}`)).toThrow(EvaluationError)
    },
  )

  test('of a tenant without senders of Cloudify it is a measurement', () => {
    expect(scoped(`SELECT value FROM ${name}`, { hasSeriesNames: false })).toBe(
      `SELECT value FROM ${name} WHERE tenant::tag = 'acme'`,
    )
  })
})
