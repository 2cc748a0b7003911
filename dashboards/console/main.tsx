import '@mantine/core/styles.css'
import { MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { HashRouter } from 'react-router'
import { ApiError } from './http/client.ts'
import { App } from './layout/App.tsx'
import { endSession } from './session/session.ts'

// A session that ended shows the sign-in page instead of an error in every panel.
const onError = (error: unknown) => {
  if (error instanceof ApiError && error.status === 401) endSession(client)
}

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    // A browser without a network may still reach a Warren of its own host, and else says that it does not.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400),
    },
  },
})

const root = document.getElementById('root')
if (root === null) throw new Error('BUG: the page has no root')

/** The api's content policy takes only the style elements that carry this page's nonce. */
const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

// For the style element with which a dialog keeps the page behind it from scrolling.
setNonce(styleNonce())

// Routes are in the hash: the page is always the folder that the api serves, so it works below any path.
createRoot(root).render(
  <StrictMode>
    <MantineProvider defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={client}>
        <HashRouter>
          <App />
        </HashRouter>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
