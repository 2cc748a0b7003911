import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { HostCell } from './host-columns.tsx'

const unknown = { cpu: undefined, memory: undefined, disk: undefined, uptimeSeconds: undefined }

it.each([
  [2000, 'up, 2 s ago'],
  [150_000, 'silent, 2 min ago'],
])('names the state of a host heard of %d ms ago where its column has no room', (age, text) => {
  const summary = { host: 'web-1', lastSeen: Date.now() - age, ...unknown }
  expect(markupOf(<HostCell summary={summary} />)).toContain(text)
})
