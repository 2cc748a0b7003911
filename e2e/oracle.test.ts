import { expect, test } from 'vitest'
import {
  countPoints,
  countRecords,
  type Numbered,
  numberedPoints,
  numberedRecords,
  timeOfPoint,
} from './oracle.ts'

const numbered: Numbered = { name: 'n', count: 250, perMessage: 100 }
const startMs = 1_700_000_000_000

interface Point {
  readonly part: string
  readonly number: number
  readonly timeNs: number
}

const sentPoints = (): readonly Point[] =>
  numberedPoints(numbered, startMs)
    .flatMap(({ body }) => body.toString().trimEnd().split('\n'))
    .map((line) => {
      const [, part = '', number, timeNs] = /^n,part=(s\d+) n=(\d+)i (\d+)$/.exec(line) ?? []
      return { part, number: Number(number), timeNs: Number(timeNs) }
    })

/** What the oracle makes of a store that has these points. */
const judgedPoints = (points: readonly Point[]) =>
  countPoints(
    {
      query: async () =>
        points.map(({ part, number, timeNs }) => ({
          ...{ tags: { part }, columns: ['time', 'n'], values: [[timeNs, number]] },
        })),
    },
    numbered,
    (number) => timeOfPoint(number, startMs),
  )

test('all points, each once, are what was sent', async () => {
  expect(await judgedPoints(sentPoints())).toEqual({ stored: 250, lost: 0, doubled: 0 })
})

const change = (more: Partial<Point>) =>
  sentPoints().map((point, at) => (at === 77 ? { ...point, ...more } : point))

test.each([
  ['is not there', sentPoints().slice(1), { stored: 249, lost: 1, doubled: 0 }],
  ['is there twice', [...sentPoints(), ...sentPoints().slice(7, 8)], { lost: 0, doubled: 1 }],
  ['is in another series', change({ part: 's3' }), { lost: 1, doubled: 1 }],
  ['has another value', change({ number: 78 }), { lost: 1, doubled: 1 }],
  ['was never sent', change({ number: 250 }), { lost: 1, doubled: 1 }],
  ['is at another time', change({ timeNs: startMs * 1e6 + 9e9 }), { lost: 1, doubled: 1 }],
])('sees a point that %s', async (_, points, judgement) => {
  expect(await judgedPoints(points)).toMatchObject(judgement)
})

type Source = Record<string, unknown>

const sentRecords = (): readonly Source[] =>
  numberedRecords(numbered, startMs)
    .flatMap(({ body }) => body.toString().trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Source)

const judgedRecords = (sources: readonly Source[]) =>
  countRecords(
    {
      search: async () => ({
        hits: {
          total: { value: sources.length },
          hits: sources.map((_source) => ({ _id: String(_source['id']), _source })),
        },
      }),
    },
    numbered,
    startMs,
  )

test.each([
  ['nothing of what is whole', sentRecords(), { stored: 250, lost: 0, doubled: 0 }],
  ['a record that is not there', sentRecords().slice(1), { stored: 249, lost: 1, doubled: 0 }],
  [
    'one that is there twice',
    [...sentRecords(), ...sentRecords().slice(3, 4)],
    { lost: 0, doubled: 1 },
  ],
])('blames %s', async (_, sources, judgement) => {
  expect(await judgedRecords(sources)).toMatchObject(judgement)
})
