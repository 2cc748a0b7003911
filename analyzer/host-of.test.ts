import type { Delivery } from '@warren/broker/delivery'
import { expect, test } from 'vitest'
import { hostOf } from './host-of.ts'

const delivery = (routingKey: string, body = '', contentEncoding?: string): Delivery => ({
  body: Buffer.from(body),
  exchange: 'warren.metrics',
  routingKey,
  properties: {
    messageId: undefined,
    timestamp: undefined,
    contentType: undefined,
    contentEncoding,
    headers: {},
  },
  redelivered: false,
  deliveryCount: 0,
})

const host = (tenant: string, name: string) => ({ tenant, host: name })

test('takes the host from the key', () => {
  expect(hostOf(delivery('default.-.web-1%2Eexample', 'x,host=other v=1'))).toEqual(
    host('default', 'web-1.example'),
  )
})

test('takes it from the first line of a sender without a source', () => {
  expect(hostOf(delivery('shop.-.-', '# c\ncpu,host=a\\ b,x=y v=1 5\nz'))).toEqual(
    host('shop', 'a b'),
  )
  expect(hostOf(delivery('shop', 'cpu,host=a v=1'))).toEqual(host('shop', 'a'))
})

test('knows none where none is told', () => {
  for (const [key, body, encoding] of [
    ['shop.-.-', 'cpu v=1'],
    ['shop.-.-', 'cpu,host=a'],
    ['shop.-.-', ''],
    ['shop.-.-', 'cpu,host=a v=1', 'gzip'],
    ['shop.-.-', `cpu,host=${'a'.repeat(300)} v=1`],
    ['-.-.web', ''],
    ['No-Tenant.-.web', ''],
    ['', ''],
  ] as const)
    expect(hostOf(delivery(key, body, encoding))).toBeUndefined()
})
