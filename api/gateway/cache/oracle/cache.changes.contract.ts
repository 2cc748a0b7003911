import { describe, expect, it } from 'vitest'
import { createDashboard } from './dashboard.ts'
import type { Oracle } from './oracle.ts'

const minuteMs = 60_000

/** A point each 10 s in some of the minutes. */
interface Life {
  readonly tags: string
  readonly fields?: readonly string[]
  /** From the first one to before the second. */
  readonly minutes: readonly [number, number]
}

/** The series that a refresh each minute shows over the last five, beside `h=m` that is always there. */
async function shownOver(oracle: Oracle, text: string, others: readonly Life[]) {
  const { live, put, pass, ask } = createDashboard(oracle)
  const always: Life = { tags: 'h=m', minutes: [0, 16] }
  const shown = new Set<string>()
  for (let minute = 0; minute < 16; minute += 1) {
    const span = { fromMs: live().toMs, toMs: live().toMs + minuteMs }
    const alive = [always, ...others].filter(
      ({ minutes: [from, to] }) => minute >= from && minute < to,
    )
    for (const { tags, fields = ['v'] } of alive) await put(tags, { ...span, fields })
    pass(minuteMs)
    const { answer } = await ask(text, live(5 * minuteMs))
    const names = answer[0]?.series?.map(({ tags = {} }) => Object.values(tags).join('/'))
    shown.add(names?.join(' ') ?? '')
  }
  return [...shown]
}

/** Fields, tags and series that appear or vanish between what is kept and what is asked for. */
export function changesContract(name: string, open: () => Oracle): void {
  describe(`what comes and goes before ${name}`, () => {
    it.each(['mean(v), last(w)', 'count(v), count(w)', 'sum(w)'])(
      'shows a field that appears and vanishes: %s',
      async (calls) => {
        const text = `SELECT ${calls} FROM $m WHERE $t GROUP BY time(10s), h`
        const others = [{ tags: 'h=n', fields: ['v', 'w'], minutes: [4, 6] }] as const
        expect((await shownOver(open(), text, others)).length).toBeGreaterThan(1)
      },
    )

    it('shows series that appear and vanish, in the order of the store', async () => {
      const text = 'SELECT mean(v) FROM $m WHERE $t GROUP BY time(10s), h'
      const others = [
        { tags: 'h=a', minutes: [4, 6] },
        { tags: 'h=z', minutes: [5, 12] },
        { tags: 'h=M', minutes: [6, 7] },
        { tags: 'h=é', minutes: [3, 4] },
      ] as const
      const shown = await shownOver(open(), text, others)
      expect(shown).toEqual(
        expect.arrayContaining(['m', 'm é', 'a m é', 'a m z é', 'M a m z é', 'm z']),
      )
    })

    it('shows a tag that appears and vanishes', async () => {
      const text = 'SELECT max(v) FROM $m WHERE $t GROUP BY time(10s), d, h'
      const others = [
        { tags: 'd=1,h=m', minutes: [4, 6] },
        { tags: 'd=0,h=z', minutes: [5, 7] },
      ] as const
      expect((await shownOver(open(), text, others)).length).toBeGreaterThan(3)
    })
  })
}
