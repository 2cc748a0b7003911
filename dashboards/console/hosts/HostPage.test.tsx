import { QueryClient } from '@tanstack/react-query'
import { Route, Routes } from 'react-router'
import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { HostPage } from './HostPage.tsx'
import { hostKnownQuery } from './host-queries.ts'

function pageOf(host: string, isKnown: boolean): string {
  const client = new QueryClient()
  client.setQueryData(hostKnownQuery(host).queryKey, isKnown)
  const page = (
    <Routes>
      <Route path="/hosts/:host" element={<HostPage />} />
    </Routes>
  )
  return markupOf(page, { path: `/hosts/${host}`, client })
}

it('says once that no host of a name has sent metrics, instead of in each chart', () => {
  const markup = pageOf('nope', false)
  expect(markup.match(/No host of this name/g)).toHaveLength(1)
  expect(markup).not.toContain('aria-label="Load"')
})

it('has the charts of a host that has sent', () => {
  const markup = pageOf('web-1', true)
  expect(markup).not.toContain('No host of this name')
  expect(markup).toContain('aria-label="Load"')
})
