import type { ReactNode } from 'react'
import { Navigate, Route } from 'react-router'
import { AddDataPage } from '../add-data/AddDataPage.tsx'
import { DeadLettersPage } from '../dead-letters/DeadLettersPage.tsx'
import { LetterPage } from '../dead-letters/LetterPage.tsx'
import { HostPage } from '../hosts/HostPage.tsx'
import { HostsPage } from '../hosts/HostsPage.tsx'
import { InsightsPage } from '../insights/InsightsPage.tsx'
import { LogsPage } from '../logs/LogsPage.tsx'
import { StatusPage } from '../status/StatusPage.tsx'
import { TokensPage } from '../tokens/TokensPage.tsx'
import { NoSuchPage } from './NoSuchPage.tsx'

interface Page {
  readonly path: string
  /** For the menu and the browser's tab, where what a page is about stands in its place. */
  readonly title: string
  /** Not in the menu: it is reached from another. */
  readonly below?: string
  readonly element: ReactNode
}

export const pages: readonly Page[] = [
  { path: '/hosts', title: 'Hosts', element: <HostsPage /> },
  { path: '/hosts/:host', title: 'Host', below: '/hosts', element: <HostPage /> },
  { path: '/logs', title: 'Logs', element: <LogsPage /> },
  { path: '/queries', title: 'Queries', element: <InsightsPage /> },
  { path: '/add-data', title: 'Add data', element: <AddDataPage /> },
  { path: '/tokens', title: 'Tokens', element: <TokensPage /> },
  { path: '/status', title: 'Status', element: <StatusPage /> },
  { path: '/dead-letters', title: 'Dead letters', below: '/status', element: <DeadLettersPage /> },
  {
    path: '/dead-letters/:tenant/:id',
    title: 'Dead letter',
    below: '/status',
    element: <LetterPage />,
  },
]

/** Where nothing is named Hosts are shown. */
export const pageRoutes = (
  <>
    {pages.map(({ path, element }) => (
      <Route key={path} path={path} element={element} />
    ))}
    <Route path="/" element={<Navigate to="/hosts" replace />} />
    <Route path="*" element={<NoSuchPage />} />
  </>
)
