import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { MemoryRouter } from 'react-router'

interface Surroundings {
  /** Of the page that it stands on. */
  readonly path?: string
  /** Has what was loaded before. */
  readonly client?: QueryClient
}

/** What a part of a page is at first, as HTML; its effects do not run, and nothing is loaded. */
export const markupOf = (
  part: ReactNode,
  { path = '/', client = new QueryClient() }: Surroundings = {},
): string =>
  renderToStaticMarkup(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <MemoryRouter initialEntries={[path]}>{part}</MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  )
