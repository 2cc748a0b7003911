import { describe, expect, test } from 'vitest'
import { parseQuery } from '../../parse.ts'
import { createMemorySource } from '../../testing.ts'
import { evaluateStatement } from '../evaluate.ts'

const source = createMemorySource([
  'm,host=a,region=eu,tenant=x v=1i,f=1 1000000000',
  'm,host=a,region=us,tenant=x v=1i 1000000000',
  'm,host=b,region=eu,tenant=x v=1i 1000000000',
  'm,host=c,tenant=x v=2i 1000000000',
  'n,host=a,tenant=x x=1 1000000000',
])

/** Of each series its name, tags and count. */
async function ask(text: string) {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  const { series = [], error } = await evaluateStatement(statement, {
    ...{ source, nowNs: 0n, epoch: 's', hiddenTags: new Set(['tenant']) },
  })
  return (
    error ??
    series.map(({ name = '', tags = {}, values }) =>
      [name, ...Object.values(tags), values[0]?.[0]].join(' '),
    )
  )
}

// Every answer here is one of InfluxDB 1.6.7 to the same lines without the hidden tag.

describe('counts by tags', () => {
  test.each([
    ["SERIES EXACT CARDINALITY WHERE host = 'a' GROUP BY region", ['m eu 1', 'm us 1', 'n  1']],
    ['SERIES CARDINALITY GROUP BY region', ['m  1', 'm eu 2', 'm us 1', 'n  1']],
    ['SERIES CARDINALITY FROM n, m GROUP BY nosuch', ['m  4', 'n  1']],
    ["SERIES EXACT CARDINALITY WHERE host = 'c' GROUP BY *", ['m c  1']],
    ['MEASUREMENT CARDINALITY GROUP BY region', ['  2', ' eu 1', ' us 1']],
    ['TAG KEY CARDINALITY GROUP BY /reg/', ['m  1', 'm eu 2', 'm us 2', 'n  1']],
    [
      'TAG VALUES CARDINALITY WITH KEY = host GROUP BY region',
      ['m  1', 'm eu 2', 'm us 1', 'n  1'],
    ],
    ['FIELD KEY CARDINALITY GROUP BY region', ['m  2', 'm eu 2', 'm us 2', 'n  1']],
  ])('SHOW %s', async (text, expected) => {
    expect(await ask(`SHOW ${text}`)).toEqual(expected)
  })
})

describe('a page is of the one row of each group', () => {
  test.each([
    ['FIELD KEY CARDINALITY LIMIT 1', ['m 2', 'n 1']],
    ['FIELD KEY CARDINALITY LIMIT 2 OFFSET 1', []],
    ['SERIES CARDINALITY LIMIT 1', ['m 4', 'n 1']],
    ['SERIES CARDINALITY OFFSET 1', []],
    ['MEASUREMENT EXACT CARDINALITY LIMIT 1 OFFSET 1', []],
  ])('SHOW %s', async (text, expected) => {
    expect(await ask(`SHOW ${text}`)).toEqual(expected)
  })
})
