import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../random.ts'
import type { Answerer } from './answerer.ts'
import { compareQueries, type Outcome, Tally } from './compare.ts'
import { linesOf } from './dataset.ts'
import { openEmbedded } from './gateway.ts'
import { queryOf } from './generate-query.ts'
import { openInfluxdb } from './influxdb.ts'

let ours: Answerer
let theirs: Answerer
beforeAll(async () => {
  ours = await openEmbedded()
  theirs = await openInfluxdb()
})
afterAll(() => Promise.all([ours.close(), theirs.close()]))

// The long form is `npm run compare-influxql`.
test('the embedded store answers as InfluxDB does', async () => {
  const tally = new Tally()
  const strange: Outcome[] = []
  for await (const outcome of compareQueries({ ours, theirs }, { seed: 20_231_029, count: 250 })) {
    tally.add(outcome)
    if (outcome.equality === 'different' && outcome.explanation === undefined) strange.push(outcome)
  }
  expect(tally.withRows).toBeGreaterThan(125)
  expect(tally.unexplained, JSON.stringify(strange)).toBe(0)
  expect(tally.percent).toBeGreaterThanOrEqual(99)
})

test('one question to the same data has the same bytes, with any number of threads', async () => {
  const random = new Random(7)
  const lines = linesOf(random)
  const [one, four] = await Promise.all([openEmbedded(1), openEmbedded(4)])
  try {
    await Promise.all([one, four].map((side) => side.write('same', lines)))
    for (let asked = 0; asked < 60; asked++) {
      const question = queryOf(random)
      const bodies = await Promise.all([one, four, four].map((side) => side.ask('same', question)))
      expect(new Set(bodies).size, question.text).toBe(1)
    }
  } finally {
    await Promise.all([one.close(), four.close()])
  }
})
