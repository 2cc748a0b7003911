import type { ResultSeries, StatementResult, Value } from '@warren/influxql/answers/result'
import { parseQuery } from '@warren/influxql/parse'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inPieces } from '../testing.ts'
import type { WriteOutcome } from '../write-outcome.ts'
import {
  cpu,
  newTenant,
  noon,
  type ReadContext,
  second,
  toBatch,
} from './metric-store.context.contract.ts'
import { hiddenTag } from './metric-store.hidden-tag.contract.ts'
import { idempotency } from './metric-store.idempotency.contract.ts'
import { queries } from './metric-store.queries.contract.ts'
import type { MetricStore } from './metric-store.ts'
import { namesAndValues } from './metric-store.values.contract.ts'

export interface MetricStoreContractOptions {
  /** Opens the same data again after a close; absent when nothing would be different. */
  readonly reopen?: () => Promise<MetricStore>
  /** False for a store that refuses every query: only what a write answers is checked. */
  readonly reads: boolean
}

/** What every metric store owes; run on the real thing. */
export function metricStoreContract(
  name: string,
  open: () => Promise<MetricStore>,
  { reopen, reads }: MetricStoreContractOptions,
): void {
  describe(`${name} as a metric store`, () => {
    let store: MetricStore
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    const write = (tenant: string, ...lines: string[]): Promise<WriteOutcome> =>
      store.write(toBatch(tenant, lines))

    async function ask(
      tenant: string,
      text: string,
      hiddenTags?: ReadonlySet<string>,
    ): Promise<readonly StatementResult[]> {
      return store.query({
        tenant,
        statements: parseQuery(text),
        epoch: undefined,
        nowNs: noon,
        hiddenTags,
        signal: new AbortController().signal,
      })
    }

    async function series(tenant: string, text: string): Promise<readonly ResultSeries[]> {
      const [result] = await ask(tenant, text)
      expect(result?.error).toBeUndefined()
      return result?.series ?? []
    }

    const rows = async (tenant: string, text: string): Promise<readonly (readonly Value[])[]> =>
      (await series(tenant, text))[0]?.values ?? []

    describe('writing', () => {
      test('takes an empty batch', async () => {
        expect(await write(newTenant())).toEqual({ refused: [] })
      })

      test('keeps the batch usable', async () => {
        const batch = toBatch(newTenant(), [cpu('a', noon, { v: 1 })])
        await store.write(batch)
        expect(batch.bytes.length).toBeGreaterThan(0)
        expect(await store.write(batch)).toEqual({ refused: [] })
      })

      test('takes pieces as the batch that they make, and reads none that it has released', async () => {
        const tenant = newTenant()
        const lines = Array.from({ length: 1000 }, (_, i) =>
          cpu(`host-${i % 10}`, noon + BigInt(i) * second, { v: i }),
        )
        const { batch, released } = inPieces(toBatch(tenant, lines))
        expect(await store.write(batch)).toEqual({ refused: [] })
        expect(released()).toBeLessThanOrEqual(1)
        if (reads) {
          const counted = await rows(tenant, 'SELECT count(v), sum(v) FROM cpu')
          expect(counted.map((row) => row.slice(1))).toEqual([[1000, 499_500]])
        }
      })

      test('refuses only the point whose field has another type', async () => {
        const tenant = newTenant()
        await write(tenant, cpu('a', noon, { v: 1, s: 'x', b: true }))
        const { refused } = await write(
          tenant,
          cpu('a', noon + second, { v: 2 }),
          cpu('a', noon + 2n * second, { v: 'text' }),
          cpu('b', noon + 2n * second, { w: 7, s: 3 }),
          cpu('a', noon + 3n * second, { b: 1 }),
          cpu('a', noon + 4n * second, { v: 4 }),
        )
        expect(refused.map(({ index, code }) => [index, code])).toEqual([
          [1, 'field_type_conflict'],
          [2, 'field_type_conflict'],
          [3, 'field_type_conflict'],
        ])
        expect(refused[0]?.reason).toContain(
          'field type conflict: input field "v" on measurement "cpu" is type string, already exists as type float',
        )
        if (!reads) return
        expect(await rows(tenant, 'SELECT v FROM cpu')).toEqual([
          ['2026-03-03T12:00:00Z', 1],
          ['2026-03-03T12:00:01Z', 2],
          ['2026-03-03T12:00:04Z', 4],
        ])
      })

      test('refuses a type conflict within one batch', async () => {
        const tenant = newTenant()
        const { refused } = await write(
          tenant,
          cpu('a', noon, { v: 1 }),
          cpu('b', noon, { v: 'text' }),
          cpu('c', noon, { v: 2 }),
        )
        expect(refused.map(({ index }) => index)).toEqual([1])
      })

      test('answers that it could take a write', async () => {
        await store.check()
      })

      test('closes twice', async () => {
        if (reopen === undefined) return
        await store.close()
        await store.close()
        store = await reopen()
      })
    })

    if (reads) {
      const again = async () => {
        if (reopen === undefined) return
        await store.close()
        store = await reopen()
      }
      const context: ReadContext = { write, ask, series, rows, again }
      describe('idempotency', () => idempotency(context))
      describe('names and values', () => namesAndValues(context))
      describe('queries', () => queries(context))
      describe('a hidden tag', () => hiddenTag(context))
    }
  })
}
