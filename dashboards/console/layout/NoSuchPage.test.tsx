import { Routes } from 'react-router'
import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { pageRoutes } from './pages.tsx'

const at = (path: string): string => markupOf(<Routes>{pageRoutes}</Routes>, { path })

it('says that there is no page, and leads to one', () => {
  const markup = at('/nonsense')
  expect(markup).toContain('No such page')
  expect(markup).toContain('/nonsense')
  expect(markup).toContain('href="/hosts"')
})

it.each(['/add-data', '/add-data/'])('has a page at %s', (path) => {
  expect(at(path)).not.toContain('No such page')
})
