import { MantineProvider } from '@mantine/core'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { MemoryRouter } from 'react-router'

/** What a part of a page is at first, as HTML; its effects do not run. */
export const markupOf = (part: ReactNode): string =>
  renderToStaticMarkup(
    <MantineProvider>
      <MemoryRouter>{part}</MemoryRouter>
    </MantineProvider>,
  )
