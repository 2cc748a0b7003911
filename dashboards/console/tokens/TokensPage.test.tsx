import { QueryClient } from '@tanstack/react-query'
import type { BrokerSender } from '@warren/contracts/http/senders'
import type { Token } from '@warren/contracts/http/tokens'
import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { momentOf } from '../time/clock.ts'
import { BrokerSenders } from './BrokerSenders.tsx'
import { brokerSenders } from './sender-queries.ts'
import { TokensPage } from './TokensPage.tsx'
import { tokenPages } from './token-queries.ts'

const hourMs = 3_600_000
const inHours = (hours: number): string => new Date(Date.now() + hours * hourMs).toISOString()

const token = (change: Partial<Token>): Token => ({
  ...{ id: 'a', name: 'grafana', role: 'viewer', tenant: 'acme', isAlerting: false },
  ...{ createdAt: inHours(-9), expiresAt: inHours(1), lastUsedAt: null },
  ...change,
})

function pageOf(...items: readonly Token[]): string {
  const client = new QueryClient()
  const pages = [{ items: [...items], nextCursor: null }]
  client.setQueryData(tokenPages.queryKey, { pages, pageParams: [null] })
  return markupOf(<TokensPage />, { client }).replace(/<[^>]*>/g, ' ')
}

it('tells the role, the tenant, how long each is valid and when it was last used', () => {
  const used = token({ id: 'b', name: 'sender x', role: 'writer', lastUsedAt: inHours(-2.5) })
  const text = pageOf(token({ deployments: ['shop', 'web'] }), used)
  for (const part of ['grafana', 'viewer', 'tenant acme', 'never used', 'of shop, web'])
    expect(text).toContain(part)
  expect(text).toContain(`valid until ${momentOf(used.expiresAt)}`)
  for (const part of ['sender x', 'writer', 'last used 2 h ago']) expect(text).toContain(part)
  expect(text.match(/Revoke/g)).toHaveLength(2)
})

it('says that one has ended, and that there are none', () => {
  expect(pageOf(token({ expiresAt: inHours(-1) }))).toMatch(/ended \d/)
  expect(pageOf()).toContain('No tokens')
})

const sendersOf = (senders: readonly BrokerSender[] | null): string => {
  const client = new QueryClient()
  client.setQueryData(brokerSenders.queryKey, senders === null ? null : [...senders])
  return markupOf(<BrokerSenders />, { client }).replace(/<[^>]*>/g, ' ')
}

it('tells which users of the broker senders have, that there are none, and that they are not Warren’s', () => {
  const text = sendersOf([
    { user: 'cloudify-acme-a', kind: 'cloudify', tenant: 'acme' },
    { user: 'sender-acme-db-1', kind: 'amqp', tenant: 'acme' },
  ])
  for (const part of ['cloudify-acme-a', 'sender-acme-db-1', 'tenant acme', 'Cloudify’s agents'])
    expect(text).toContain(part)
  expect(text.match(/Revoke/g)).toHaveLength(2)
  expect(sendersOf([])).toContain('No broker users')
  expect(sendersOf(null)).toContain('its operator lists and deletes its users')
})
