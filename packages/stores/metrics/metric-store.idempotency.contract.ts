import { expect, test } from 'vitest'
import { cpu, newTenant, noon, type ReadContext, second } from './metric-store.context.contract.ts'

/** A point written again, anyhow, is there once. */
export function idempotency({ write, rows, again }: ReadContext): void {
  const points = Array.from({ length: 40 }, (_, index) =>
    cpu(`h${index % 4}`, noon + BigInt(Math.floor(index / 4)) * second, { v: index, w: -index }),
  )
  const counts = (tenant: string) =>
    rows(tenant, 'SELECT count(v), sum(v), count(w), sum(w) FROM cpu')
  const expected = [['1970-01-01T00:00:00Z', 40, 780, 40, -780]]

  test('the same batch twice is once', async () => {
    const tenant = newTenant()
    await write(tenant, ...points)
    await write(tenant, ...points)
    expect(await counts(tenant)).toEqual(expected)
  })

  test('re-batched, reordered, overlapping and after a restart', async () => {
    const tenant = newTenant()
    await write(tenant, ...points.slice(20, 30))
    await write(tenant, ...points.slice(5, 25).reverse())
    await again()
    await write(tenant, ...points.slice(28), ...points.slice(0, 7), ...points.slice(0, 3))
    await again()
    await write(tenant, ...points.slice(10, 40))
    expect(await counts(tenant)).toEqual(expected)
  })

  test('the last value of each field wins', async () => {
    const tenant = newTenant()
    await write(tenant, cpu('a', noon, { v: 1, w: 1 }), cpu('a', noon + second, { v: 9 }))
    await write(tenant, cpu('a', noon, { v: 2 }))
    await again()
    await write(tenant, cpu('a', noon, { x: 3 }))
    expect(await rows(tenant, 'SELECT v, w, x FROM cpu')).toEqual([
      ['2026-03-03T12:00:00Z', 2, 1, 3],
      ['2026-03-03T12:00:01Z', 9, null, null],
    ])
  })

  test('also within one batch, and for strings and booleans', async () => {
    const tenant = newTenant()
    await write(
      tenant,
      cpu('a', noon, { v: 1, s: 'one', b: true }),
      cpu('a', noon + second, { v: 5 }),
      cpu('a', noon, { v: 2, s: 'two' }),
      cpu('a', noon, { v: 3, b: false }),
    )
    await write(tenant, cpu('a', noon, { s: 'three' }))
    expect(await rows(tenant, 'SELECT v, s, b FROM cpu')).toEqual([
      ['2026-03-03T12:00:00Z', 3, 'three', false],
      ['2026-03-03T12:00:01Z', 5, null, null],
    ])
  })

  test('the order of tags makes no other series', async () => {
    const tenant = newTenant()
    const ns = String(noon)
    await write(tenant, `m,a=1,b=2 v=1 ${ns}`, `m,b=2,a=1 v=2 ${ns}`)
    await write(tenant, `m,b=2,a=1 v=3 ${ns}`)
    expect(await rows(tenant, 'SELECT v FROM m')).toEqual([['2026-03-03T12:00:00Z', 3]])
  })
}
