import { describe, expect, it } from 'vitest'
import { createDashboard } from './dashboard.ts'
import type { Oracle } from './oracle.ts'

const minuteMs = 60_000
const refreshesMs = [5000, 12_000, 65_000, 180_000]

/** Clauses and functions whose answers are not those of their parts. */
const whole: Readonly<Record<string, string>> = {
  LIMIT: 'SELECT mean(v) FROM $m WHERE $t GROUP BY time(1m), h LIMIT 3',
  OFFSET: 'SELECT mean(v) FROM $m WHERE $t GROUP BY time(1m) LIMIT 4 OFFSET 2',
  'LIMIT of raw points': 'SELECT v FROM $m WHERE $t LIMIT 5',
  'ORDER BY DESC': 'SELECT mean(v) FROM $m WHERE $t GROUP BY time(1m), h ORDER BY time DESC',
  'tz()': "SELECT count(v) FROM $m WHERE $t GROUP BY time(1m) tz('Asia/Kathmandu')",
  'top()': 'SELECT top(v, 2) FROM $m WHERE $t GROUP BY time(5m)',
  'moving_average()': 'SELECT moving_average(mean(v), 3) FROM $m WHERE $t GROUP BY time(1m)',
  'cumulative_sum()': 'SELECT cumulative_sum(sum(v)) FROM $m WHERE $t GROUP BY time(1m), h',
  'fill(previous)': 'SELECT last(v) FROM $m WHERE $t GROUP BY time(30s), h fill(previous)',
  'fill(linear)': 'SELECT mean(v) FROM $m WHERE $t GROUP BY time(30s), h fill(linear)',
  'fill(null) on sparse data': 'SELECT max(v) FROM $m WHERE $t GROUP BY time(10s), h fill(null)',
  'a group offset': 'SELECT count(v) FROM $m WHERE $t GROUP BY time(1m, 17s)',
  'a negative group offset': 'SELECT sum(v) FROM $m WHERE $t GROUP BY time(1m, -7s), h',
}

const newest = [
  'SELECT last(v) FROM $m',
  'SELECT count(v) FROM $m WHERE time > now() - 10m',
  'SELECT last(v) FROM $m WHERE time > now() - 10m GROUP BY h',
  'SELECT last(v) FROM $m WHERE $t GROUP BY time(1m)',
]

/** Each a case that a well-known caching proxy was measured getting wrong. Every answer is compared with the store's own. */
export function cacheContract(name: string, open: () => Oracle): void {
  describe(`the cache before ${name}`, () => {
    const dense = async () => {
      const dashboard = createDashboard(open())
      const { startMs } = dashboard
      await dashboard.put('h=a', { fromMs: startMs - 40 * minuteMs, toMs: startMs })
      return dashboard
    }

    it('shows first and last buckets as partial as the range makes them', async () => {
      const { ask, startMs, pass } = await dense()
      const text = 'SELECT count(v) FROM $m WHERE $t GROUP BY time(1m)'
      await ask(text, { fromMs: startMs - 20 * minuteMs, toMs: startMs - 5 * minuteMs })
      pass(5000)
      const cutRange = {
        fromMs: startMs - 18 * minuteMs + 25_000,
        toMs: startMs - 6 * minuteMs + 15_000,
      }
      const { rows, cache } = await ask(text, cutRange)
      expect([cache, rows.at(0)?.[1], rows.at(1)?.[1], rows.at(-1)?.[1]]).toEqual([
        'partial',
        3,
        6,
        2,
      ])
    })

    it.each([
      ['1m', 5, 6],
      ['30s', 2, 3],
    ])(
      'answers %s after a strict start on the border of a bucket without that moment, of kept buckets',
      async (step, ...counts) => {
        const { ask, live, pass, startMs } = await dense()
        const text = `SELECT count(v), first(v) FROM $m WHERE $s GROUP BY time(${step})`
        const past = { fromMs: startMs - 20 * minuteMs, toMs: startMs - 5 * minuteMs }
        expect((await ask(text, past)).cache).toBe('miss')
        pass(5000)
        const inside = { fromMs: startMs - 18 * minuteMs, toMs: startMs - 6 * minuteMs }
        const { rows, cache } = await ask(text, inside)
        expect([cache, rows[0]?.[1], rows[1]?.[1]]).toEqual(['partial', ...counts])
        await ask(text, live())
        pass(5000)
        expect((await ask(text, live())).cache).toBe('partial')
      },
    )

    it('keeps a question with a strict start apart from the one that has its first moment', async () => {
      const { ask, live, pass } = await dense()
      pass(5000)
      const range = live()
      const firsts = []
      for (const bounds of ['$s', '$t', '$s', '$t']) {
        const text = `SELECT count(v) FROM $m WHERE ${bounds} GROUP BY time(1m)`
        firsts.push((await ask(text, range)).rows[0]?.[1])
      }
      expect(firsts[0]).toBe(firsts[2])
      expect(firsts[1]).toBe(firsts[3])
    })

    it('fills two gaps with one request, and has the rows of both from then on', async () => {
      const { ask, startMs, pass, upstream } = await dense()
      const text = 'SELECT sum(v) FROM $m WHERE $t GROUP BY time(1m)'
      await ask(text, { fromMs: startMs - 20 * minuteMs, toMs: startMs - 15 * minuteMs })
      const before = { ...upstream }
      for (const expected of ['partial', 'hit']) {
        pass(5000)
        const range = { fromMs: startMs - 30 * minuteMs, toMs: startMs - 10 * minuteMs }
        const { rows, cache } = await ask(text, range)
        expect([cache, rows.length]).toEqual([expected, 20])
      }
      expect(upstream).toEqual({
        requests: before.requests + 1,
        statements: before.statements + 2,
      })
    })

    it('has kept of an answer what it may by the time that somebody asks again', async () => {
      const oracle = open()
      const dashboard = createDashboard(oracle)
      const { startMs, put, measurement } = dashboard
      await put('h=a', { fromMs: startMs - 40 * minuteMs, toMs: startMs })
      const states: (string | undefined)[] = []
      for (const fromMs of [startMs - 30 * minuteMs, startMs - 20 * minuteMs]) {
        const text = `SELECT sum(v) FROM ${measurement} WHERE time >= ${fromMs}ms AND time < ${startMs - 10 * minuteMs}ms GROUP BY time(1m)`
        // In the same turn of the event loop as the answer before.
        const { cache } = await oracle.cached(text)
        states.push(cache?.state)
      }
      expect(states).toEqual(['miss', 'hit'])
    })

    it('shows a series once where a part of it begins with null', async () => {
      const { ask, live, startMs, pass, put } = await dense()
      await put('h=b', { fromMs: startMs - 12 * minuteMs, toMs: startMs - 11 * minuteMs })
      const text = 'SELECT mean(v) FROM $m WHERE $t GROUP BY time(1m), h fill(null)'
      for (const ms of refreshesMs) {
        pass(ms)
        await put('h=b', { fromMs: live().toMs - 5000, toMs: live().toMs - 4000 })
        const { answer } = await ask(text, live(30 * minuteMs))
        const [a, b, ...more] = answer[0]?.series ?? []
        expect([a?.tags, b?.tags, more]).toEqual([{ h: 'a' }, { h: 'b' }, []])
        expect(b?.values).toHaveLength(a?.values.length ?? 0)
      }
    })

    it('keeps answers of policies and epochs apart, asked at once and after each other', async () => {
      const { ask, live } = await dense()
      const text = 'SELECT last(v) FROM $m WHERE $t GROUP BY time(1m)'
      const ways = ([undefined, 'ns', 'ms', 's'] as const).flatMap((epoch) => [
        { epoch },
        { epoch, policy: '5m' as const },
      ])
      const all = () => Promise.all(ways.map((beside) => ask(text, live(), beside)))
      for (const answers of [await all(), await all()]) {
        const raw = answers.filter((_, index) => index % 2 === 0)
        expect(new Set(raw.map(({ rows }) => rows[0]?.[0])).size).toBe(4)
        for (const { rows } of answers.filter((_, index) => index % 2 === 1))
          expect(rows).toEqual([])
      }
    })

    it('freezes no bucket that was partial when it was asked for', async () => {
      const { ask, live, pass, put, startMs } = await dense()
      const text = 'SELECT count(v) FROM $m WHERE $t GROUP BY time(1m)'
      const seen = new Set<unknown>()
      for (let refresh = 0; refresh < 8; refresh += 1) {
        pass(20_000)
        const { toMs } = live()
        await put('h=a', { fromMs: toMs - 20_000, toMs })
        const { rows } = await ask(text, live())
        seen.add(rows.find(([atMs]) => atMs === startMs)?.[1])
      }
      expect([...seen]).toEqual([2, 4, 6])
    })

    it('shows a new last() and now() at the next step of the grid', async () => {
      const { ask, live, pass, put } = await dense()
      const askAll = async () => {
        const answers = []
        for (const text of newest) answers.push(await ask(text, live()))
        return answers
      }
      for (const value of [1001, 1002]) {
        await askAll()
        await put('h=a', { fromMs: live().toMs, toMs: live().toMs + 1, value })
        pass(5000)
        const [last, , ofHost, ofBucket] = (await askAll()).map(({ rows }) => rows.at(-1)?.[1])
        expect([last, ofHost, ofBucket]).toEqual([value, value, value])
        expect((await askAll()).map(({ cache }) => cache)).toEqual(newest.map(() => 'hit'))
      }
    })

    it('answers SELECT and SHOW of one request each with its own, and shows what is new', async () => {
      const { ask, live, pass, put } = await dense()
      const text =
        'SELECT count(v) FROM $m WHERE $t GROUP BY time(1m); SHOW TAG VALUES FROM $m WITH KEY = h; SHOW TAG KEYS FROM $m'
      await ask(text, live())
      await put('h=new,d=x', { fromMs: live().toMs, toMs: live().toMs + 1 })
      pass(5000)
      const { answer } = await ask(text, live())
      expect(answer.map(({ statement_id }) => statement_id)).toEqual([0, 1, 2])
      expect(answer[1]?.series?.[0]?.values.map(([, value]) => value)).toEqual(['a', 'new'])
    })

    it("hides no error of the store's, and keeps none", async () => {
      const { ask, live, upstream } = await dense()
      const wrong = 'SELECT v FROM $m WHERE $t GROUP BY time(1m)'
      for (const text of [wrong, `SELECT count(v) FROM $m WHERE $t; ${wrong}`])
        for (const requests of [upstream.requests + 1, upstream.requests + 2]) {
          const { answer } = await ask(text, live())
          expect(answer.at(-1)?.error).toContain('GROUP BY requires at least one aggregate')
          expect(upstream.requests).toBe(requests)
        }
    })

    it.each(Object.entries(whole))(
      'answers %s as the store, refresh after refresh',
      async (_, text) => {
        const { ask, live, pass, put, startMs } = await dense()
        await put('h=b', { fromMs: startMs - 30 * minuteMs, toMs: startMs, everyMs: 170_000 })
        for (const ms of refreshesMs) {
          pass(ms)
          await put('h=a', { fromMs: live().toMs - ms, toMs: live().toMs })
          const { rows } = await ask(text, live(20 * minuteMs + 3333))
          expect(rows.length).toBeGreaterThan(1)
        }
      },
    )
  })
}
