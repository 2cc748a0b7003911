import { expect, it } from 'vitest'
import { newMessageId, newTraceparent } from './message-id.ts'

it('is a UUIDv7 of its millisecond, and another one each time', () => {
  const nowMs = Date.UTC(2026, 10, 20)
  const ids = Array.from({ length: 2000 }, () => newMessageId(nowMs))
  expect(new Set(ids).size).toBe(2000)
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(nowMs)
  }
  expect(newMessageId(nowMs) < newMessageId(nowMs + 1)).toBe(true)
})

it('is a W3C traceparent', () => {
  expect(newTraceparent()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(newTraceparent()).not.toBe(newTraceparent())
})
