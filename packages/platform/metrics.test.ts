import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { counter, gauge } from './metrics.ts'

test('a service that starts again goes on with the metrics that are there', async () => {
  const registry = new Registry()
  for (const _ of ['first start', 'second start']) {
    counter(registry, { name: 'things_total', help: 'Things', labels: ['kind'] }).inc({ kind: 'a' })
    gauge(registry, { name: 'size', help: 'Size' }).inc(2)
  }
  const text = await registry.metrics()
  expect(text).toContain('things_total{kind="a"} 2')
  expect(text).toContain('size 4')
})
